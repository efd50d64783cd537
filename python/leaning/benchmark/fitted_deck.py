"""This package's own method: a fitted deck, and an interview with each new person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..commands import fit
from ..deck import Deck
from ..interview import Interview
from .choices import Answers, Responses
from .logit import Floats, log_probabilities
from .method import Training, validate

_SAMPLES = 500
_WITH_FEATURES: tuple[Mapping[str, Any], ...] = ({"as_is": True}, {"dimensions": "auto"})
_WITHOUT: tuple[Mapping[str, Any], ...] = ({},)


class Leaning:
    """:func:`leaning.fit`, then :class:`leaning.Interview` for each new person.

    Predictions are averaged over samples of the posterior. No dimension is curved. A response
    without features that no training person was shown has the score 0 in each dimension.

    Args:
        settings: Arguments for :func:`leaning.fit`. If there are several, the validation people
            decide. By default the features as they are and ``dimensions="auto"``; without features
            the defaults of the fit.
        name: What tables call it.
    """

    def __init__(
        self, settings: Sequence[Mapping[str, Any]] | None = None, *, name: str = "leaning"
    ) -> None:
        self.settings = settings
        self.name = name

    def fit(self, training: Training) -> _Interviewer:
        """Fits the deck."""
        settings = self.settings or (
            _WITH_FEATURES if training.responses.has_features else _WITHOUT
        )
        best = settings[0]
        if len(settings) > 1 and training.validation:
            best = max(
                settings,
                key=lambda of: validate(_Interviewer(training, training.people, of), training),
            )
        return _Interviewer(training, training.everybody, best)


class _Interviewer:
    def __init__(
        self, training: Training, people: tuple[Answers, ...], settings: Mapping[str, Any]
    ) -> None:
        responses = training.responses
        tables = _tables(responses, people)
        deck = fit(*tables, curved="none", seed=1, progress=False, **settings).deck
        self._scores = _scores(deck, responses)
        fields = deck.to_dict()
        self._lapse = float(fields["answers"]["lapse"])
        # Nothing is asked here, so one prompt is enough.
        self._deck = Deck({**fields, "prompts": fields["prompts"][:1]})
        self._seed = training.seed
        self._prior = self._samples(Answers(np.empty((0, 2), np.int64), np.empty(0, np.int64)))

    def predict(self, given: Answers, shown: NDArray[np.int64]) -> Floats:
        weights, shares = self._prior if len(given) == 0 else self._samples(given)
        used, places = np.unique(shown, return_inverse=True)
        local = np.where(shown < 0, -1, places.reshape(shown.shape))
        log = log_probabilities(weights @ self._scores[used].T, local)
        careful = np.einsum("s,smk->mk", shares / shares.sum(), np.exp(log))
        there = shown >= 0
        lapses = there / there.sum(axis=1, keepdims=True)
        probabilities: Floats = (1.0 - self._lapse) * careful + self._lapse * lapses
        return probabilities

    def _samples(self, given: Answers) -> tuple[Floats, Floats]:
        """Samples of a person's weights, S × d, and the probability of each."""
        interview = Interview(self._deck, seed=self._seed)
        for shown, chose in zip(given.shown, given.chose, strict=True):
            interview.observe(self._scores[shown[shown >= 0]], int(chose))
        return interview.samples(_SAMPLES, seed=self._seed)


def _tables(
    responses: Responses, people: tuple[Answers, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What these people were shown, and what they chose, as :func:`leaning.fit` takes them."""
    answers = Answers.join(people)
    rows = np.unique(answers.shown[answers.shown >= 0])
    table: dict[str, Any] = {
        "id": [responses.ids[row] for row in rows],
        "prompt": [responses.prompts[row] for row in rows],
    }
    if not responses.has_features:
        # A fit wants to be told that nothing but a text is known of a response.
        table["text"] = table["id"]
    # A fit would measure a style feature in the text itself: its name is not told.
    for place in range(len(responses.names)):
        table[_column(place)] = responses.features[rows, place]
    person = np.repeat(np.arange(len(people)), [len(of) for of in people])
    shown = [[responses.ids[row] for row in question if row >= 0] for question in answers.shown]
    comparisons = {
        "user": [f"p{of}" for of in person],
        "shown": shown,
        "chose": [ids[place] for ids, place in zip(shown, answers.chose, strict=True)],
    }
    return table, comparisons


def _column(place: int) -> str:
    return f"feature-{place + 1}"


def _scores(deck: Deck, responses: Responses) -> Floats:
    """The scores of all responses, n × d."""
    if responses.has_features:
        columns = [_column(place) for place in range(len(responses.names))]
        places = [columns.index(name) for name in deck.features]
        return deck.score(responses.features[:, places])
    scores = np.zeros((len(responses.ids), len(deck.dimensions)))
    rows = {id: row for row, id in enumerate(responses.ids)}
    for prompt in deck.prompts:
        for id, of in zip(prompt.candidates, prompt.scores, strict=True):
            scores[rows[id]] = of
    return scores
