"""The protocol: methods are fitted to some people, and measured on the answers of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from .._progress import Bars, Progress
from ..commands import Table
from ..errors import LeaningError
from .choices import read
from .method import Method, measure
from .results import Results
from .split import Split


def run(
    responses: Table,
    comparisons: Table,
    methods: Sequence[Method],
    *,
    after: Sequence[int] = (0, 3, 5, 10, 20),
    unseen: bool = False,
    scores: Sequence[str] | None = None,
    style: bool = False,
    people: int | None = None,
    test: int = 4,
    folds: int = 3,
    seed: int = 1,
    progress: Progress = True,
) -> Results:
    """Measures how well methods predict people they have never seen.

    People are split into ``folds`` parts. Those of each part are tested once, by methods that were
    fitted to the others; a quarter of the others is for validation. A tested person's answers are
    put into an order at random. The first of them are given, as many as the largest number of
    ``after``. The others are held out, but for those that share a row of responses with a given
    one. The same answers are held out for each number of ``after`` and each method. Responses
    stand in a question in an order drawn at random, so that their place tells nothing.

    With ``unseen``, responses are split into ``folds`` parts as well; rows with the same features
    are one response. Held-out answers are those about unseen responses alone. Training and given
    answers have no unseen response. A response that is in every comparison (*none of these*) is
    on neither side. If responses fall into groups that are never compared with each other, groups
    are split, else responses.

    Args:
        responses: As for :func:`leaning.fit`.
        comparisons: As for :func:`leaning.fit`. Those without a choice are dropped and counted.
        methods: What to measure, each under a name of its own.
        after: Numbers of answers given.
        unseen: Whether to test on unseen responses.
        scores: The columns that are features; by default all of numbers.
        style: Adds style features measured in the texts.
        people: The number of people to draw from the data; all by default.
        test: The least number of held-out answers. Somebody with fewer is not tested, but counted.
        folds: The number of parts, at least 2.
        seed: Decides everything that is drawn.
        progress: As for :func:`leaning.fit`; a step is a method in a part.

    Raises:
        LeaningError: ``table`` for a table that cannot be read; ``options`` if nobody has enough
            answers, if there is nothing to tell unseen responses by, or for an argument out of
            range.
    """
    counts = tuple(sorted({int(count) for count in after}))
    if not counts or counts[0] < 0:
        _refuse("after", f"expected numbers of at least 0, found {list(after)}")
    if folds < 2:
        _refuse("folds", f"expected at least 2, found {folds}")
    if test < 1:
        _refuse("test", f"expected at least 1, found {test}")
    names = tuple(method.name for method in methods)
    if not names or len(set(names)) < len(names):
        _refuse("methods", f"expected methods with names of their own, found {list(names)}")
    choices = read(responses, comparisons, scores=scores, style=style)
    if unseen and not choices.responses.has_features:
        _refuse("unseen", "nothing is known of unseen responses without features")
    found = len(choices.people) if people is None else min(people, len(choices.people))
    if found < folds:
        _refuse("people", f"expected at least {folds} people for {folds} parts, found {found}")
    split = Split(choices, counts, unseen, people, test, folds, seed)
    if not split.cases:
        message = f"nobody of {split.left_out} people has {counts[-1]} answers and {test} to test"
        _refuse("after", message)

    shape = (len(names), len(counts), len(split.cases))
    accuracy, log_likelihood = np.empty(shape), np.empty(shape)
    with Bars(progress) as bars:
        for fold in range(folds):
            training = split.training(fold)
            tested = [place for place, case in enumerate(split.cases) if case.fold == fold]
            for of, method in enumerate(methods):
                if bars.report is not None:
                    bars.report("methods fitted", fold * len(names) + of, folds * len(names))
                if not tested:
                    continue
                predictor = method.fit(training)
                for place in tested:
                    case = split.cases[place]
                    for at, count in enumerate(counts):
                        # Predictors get no answer that they are tested on.
                        said = predictor.predict(case.given[:count], case.held_out.shown)
                        measured = measure(method.name, said, case.held_out)
                        accuracy[of, at, place], log_likelihood[of, at, place] = measured
    return Results(
        methods=names,
        after=np.array(counts, dtype=np.int64),
        people=tuple(case.person for case in split.cases),
        tested=np.array([len(case.held_out) for case in split.cases], dtype=np.int64),
        accuracy=accuracy,
        log_likelihood=log_likelihood,
        left_out=split.left_out,
        dropped=choices.dropped,
        unseen=unseen,
        seed=seed,
    )


def _refuse(name: str, message: str) -> NoReturn:
    raise LeaningError(f"{name}: {message}", "options", name)
