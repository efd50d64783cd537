"""Who is tested on what, and what methods may learn from before that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .choices import Answers, Choices
from .method import Training

# With fewer groups of responses that are compared with each other, responses are split one by one.
_MIN_GROUPS = 12


@dataclass(frozen=True, eq=False)
class Case:
    """A tested person: the part in which they are, and their answers."""

    person: str
    fold: int
    given: Answers
    held_out: Answers


class Split:
    """Who is tested on what."""

    def __init__(
        self,
        choices: Choices,
        after: tuple[int, ...],
        unseen: bool,
        people: int | None,
        test: int,
        folds: int,
        seed: int,
    ) -> None:
        random = np.random.default_rng(seed)
        names = sorted(choices.people)
        order = [names[place] for place in random.permutation(len(names))][:people]
        self._answers = {name: _shuffled(choices.people[name], random) for name in order}
        self._fold = {name: place % folds for place, name in enumerate(order)}
        self._responses, self._after, self._seed = choices.responses, after, seed
        self._distinct = _Distinct(choices)
        self._parts = self._distinct.parts(folds, random) if unseen else None
        cases = [self._case(name, after[-1]) for name in order]
        self.cases = [case for case in cases if len(case.held_out) >= test]
        self.left_out = len(order) - len(self.cases)

    def training(self, fold: int) -> Training:
        """What methods may learn from before the people of a part are tested."""
        others = [name for name in self._answers if self._fold[name] != fold]
        seen = [self._seen(self._answers[name], fold) for name in others]
        known = [answers for answers in seen if len(answers) > 0]
        validation = len(known) // 4
        return Training(
            responses=self._responses,
            people=tuple(known[validation:]),
            validation=tuple(known[:validation]),
            after=self._after,
            seed=int(np.random.SeedSequence([self._seed, fold]).generate_state(1)[0]),
        )

    def _case(self, person: str, most: int) -> Case:
        fold, answers = self._fold[person], self._answers[person]
        seen = self._seen(answers, fold)
        given = seen[:most]
        if len(given) < most:
            return Case(person, fold, given, answers[:0])
        if self._parts is not None:
            return Case(person, fold, given, self._unseen(answers, fold))
        rest = seen[most:]
        related = np.isin(rest.shown, given.shown) & ~self._is_fixed(rest)
        return Case(person, fold, given, rest[np.flatnonzero(~related.any(axis=1))])

    def _seen(self, answers: Answers, fold: int) -> Answers:
        """The answers that are about no response that is unseen while a part is tested."""
        if self._parts is None:
            return answers
        held_out = (self._parts[answers.shown] == fold) & ~self._is_fixed(answers)
        return answers[np.flatnonzero(~held_out.any(axis=1))]

    def _unseen(self, answers: Answers, fold: int) -> Answers:
        """The answers that are about responses that are unseen then, and no others."""
        assert self._parts is not None
        fixed = self._is_fixed(answers)
        others = (self._parts[answers.shown] != fold) & ~fixed
        places = np.flatnonzero(~others.any(axis=1) & ~fixed.all(axis=1))
        return answers[places]

    def _is_fixed(self, answers: Answers) -> NDArray[np.bool_]:
        """Where nothing is shown, or a response that is in every comparison."""
        return (answers.shown < 0) | self._distinct.in_all[answers.shown]


class _Distinct:
    """Which rows are the same response, since their features are equal."""

    def __init__(self, choices: Choices) -> None:
        rows = len(choices.responses.ids)
        if choices.responses.has_features:
            _, same = np.unique(choices.responses.features, axis=0, return_inverse=True)
            self._same = same.reshape(-1)
        else:
            self._same = np.arange(rows)
        self._count = int(self._same.max(initial=-1)) + 1
        shown = Answers.join([*choices.people.values()]).shown
        self._shown = np.sort(np.where(shown < 0, -1, self._same[shown]), axis=1)
        # A response that is shown twice in a question counts once.
        self._shown[:, 1:][self._shown[:, 1:] == self._shown[:, :-1]] = -1
        counts = np.bincount(self._shown[self._shown >= 0], minlength=self._count)
        self._in_all = counts == len(shown)
        self.in_all: NDArray[np.bool_] = self._in_all[self._same]

    def parts(self, folds: int, random: np.random.Generator) -> NDArray[np.int64]:
        """The part in which each row is unseen."""
        here = (self._shown >= 0) & ~self._in_all[self._shown]
        first = np.where(here, self._shown, self._count).min(axis=1)
        rows, columns = np.nonzero(here)
        edges = (first[rows], self._shown[rows, columns])
        graph = coo_array((np.ones(len(rows)), edges), shape=(self._count, self._count))
        groups, group = connected_components(graph, directed=False)
        units = group if groups >= _MIN_GROUPS else np.arange(self._count)
        parts: NDArray[np.int64] = random.permutation(int(units.max()) + 1) % folds
        return parts[units][self._same]


def _shuffled(answers: Answers, random: np.random.Generator) -> Answers:
    """The answers, and the responses in each, in an order drawn at random."""
    answers = answers[random.permutation(len(answers))]
    # Places without a response stay the last ones.
    keys = np.where(answers.shown < 0, 2.0, random.random(answers.shown.shape))
    order = np.argsort(keys, axis=1)
    chose = np.argmax(order == answers.chose[:, None], axis=1)
    return Answers(np.take_along_axis(answers.shown, order, axis=1), chose.astype(np.int64))
