"""`pref`: the published method, a factorisation of users × responses."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from .choices import Answers, Responses
from .logit import (
    Floats,
    fit_weights,
    log_probabilities,
    loss,
    scaled_features,
    sums,
)
from .method import Training, validate

_PENALTIES = (0.3, 1.0, 3.0, 10.0)
_PERSON_PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)


class Pref:
    """Reward factorization, r = λᵀφ (Shenfeld, Faltings, Agrawal, Pacchiano, arXiv 2503.06358).

    The base rewards φ, linear in the features or a table, and everybody's weights λ maximise the
    likelihood of all choices with L2 penalties on both, from the singular vectors of people ×
    features (or responses). A new person's weights are an L2-regularised logistic regression on
    their answers, from zero: there is no population prior. The two penalties are the pair of
    0.3, 1, 3, 10 and of 0.03, 0.1, 0.3, 1, 3 that predicts the validation people best.

    Args:
        dimensions: The number of base rewards, or the number of features if there are fewer.
    """

    name = "pref"

    def __init__(self, dimensions: int = 6) -> None:
        self.dimensions = dimensions

    def fit(self, training: Training) -> _BaseRewards:
        """Fits the base rewards."""
        responses, penalties = training.responses, (_PENALTIES[2], _PERSON_PENALTIES[3])
        if training.validation:
            fitted = {of: self._scores(responses, training.people, of) for of in _PENALTIES}

            def quality(of: tuple[float, float]) -> float:
                return validate(_BaseRewards(fitted[of[0]], of[1]), training)

            penalties = max(product(_PENALTIES, _PERSON_PENALTIES), key=quality)
        scores = self._scores(responses, training.everybody, penalties[0])
        return _BaseRewards(scores, penalties[1])

    def _scores(self, responses: Responses, people: tuple[Answers, ...], penalty: float) -> Floats:
        """The base rewards of n responses, n × d."""
        features = scaled_features(responses, people) if responses.has_features else None
        width = len(responses.ids) if features is None else features.shape[1]
        d = min(self.dimensions, width, len(people))

        votes = np.array([_votes(features, len(responses.ids), of) for of in people])
        left, singular, right = np.linalg.svd(votes, full_matrices=False)
        root = np.sqrt(singular[:d] / max(singular[0], 1e-12))
        start = np.concatenate([(left[:, :d] * root).ravel(), (right[:d].T * root).ravel()])

        answers = Answers.join(people)
        person = np.repeat(np.arange(len(people)), [len(of) for of in people])
        # A place for each response that a person has seen, so that one gradient serves all.
        keys = person[:, None] * len(responses.ids) + answers.shown
        pairs, places = np.unique(np.where(answers.shown < 0, -1, keys), return_inverse=True)
        shown = np.where(answers.shown < 0, -1, places.reshape(answers.shown.shape))
        # The first of them stands for nothing shown if there is any.
        owner, row = np.maximum(pairs, 0) // len(responses.ids), pairs % len(responses.ids)
        seen = Answers(shown, answers.chose)

        def objective(parameters: Floats) -> tuple[float, Floats]:
            weights = parameters[: len(people) * d].reshape(len(people), d)
            basis = parameters[len(people) * d :].reshape(width, d)
            scores = basis if features is None else features @ basis
            value, slope = loss(np.einsum("pd,pd->p", weights[owner], scores[row]), seen)
            of_weights, of_scores = np.zeros_like(weights), np.zeros_like(scores)
            np.add.at(of_weights, owner, slope[:, None] * scores[row])
            np.add.at(of_scores, row, slope[:, None] * weights[owner])
            of_basis = of_scores if features is None else features.T @ of_scores
            gradient = np.concatenate([of_weights.ravel(), of_basis.ravel()])
            squares = 0.5 * penalty * float(parameters @ parameters)
            return value + squares, gradient + penalty * parameters

        found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
        basis: Floats = found[len(people) * d :].reshape(width, d)
        scores: Floats = basis if features is None else features @ basis
        # A new person's penalty means the same whatever the scale of the base rewards.
        spread = np.sqrt((scores**2).mean())
        return scores / spread if spread > 0.0 else scores


class _BaseRewards:
    def __init__(self, scores: Floats, penalty: float) -> None:
        self._scores, self._penalty = scores, penalty

    def rewards(self, given: Answers) -> Floats:
        """The rewards of all responses for a new person."""
        used, places = np.unique(given.shown, return_inverse=True)
        places = places.reshape(given.shown.shape)
        local = Answers(np.where(given.shown < 0, -1, places), given.chose)
        weights = fit_weights(self._scores[used], len(used), local, self._penalty)
        rewards: Floats = self._scores @ weights
        return rewards

    def predict(self, given: Answers, shown: NDArray[np.int64]) -> Floats:
        probabilities: Floats = np.exp(log_probabilities(self.rewards(given), shown))
        return probabilities


def _votes(features: Floats | None, rows: int, answers: Answers) -> Floats:
    """The mean of what a person chose minus all that was shown, f numbers (n without features)."""
    there = answers.shown >= 0
    share = there / -there.sum(axis=1, keepdims=True)
    share[np.arange(len(answers)), answers.chose] += 1.0
    net = sums(answers.shown[there], share[there], rows) / len(answers)
    return net if features is None else net @ features
