"""One ranking for everybody: what personal methods have to beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .choices import Answers
from .logit import Floats, fit_weights, log_probabilities, mean_log_likelihood, scaled_features
from .method import Training

_PENALTIES = (0.1, 1.0, 10.0, 100.0)


class OneForAll:
    """Logistic regression on everybody's choices, with the same weights for all people.

    For questions with more than two responses it is the conditional logit. Without features each
    response has a weight of its own. The L2 penalty is the one of 0.1, 1, 10 and 100 that predicts
    the validation people best.
    """

    name = "one for all"

    def fit(self, training: Training) -> _Rewards:
        """Fits the weights."""
        responses = training.responses
        features = (
            scaled_features(responses, training.everybody) if responses.has_features else None
        )

        def rewards(people: tuple[Answers, ...], penalty: float) -> Floats:
            answers = Answers.join(people)
            weights = fit_weights(features, len(responses.ids), answers, penalty)
            return weights if features is None else features @ weights

        penalty = _PENALTIES[1]
        if training.validation:
            held_out = Answers.join(training.validation)
            penalty = max(
                _PENALTIES,
                key=lambda of: mean_log_likelihood(rewards(training.people, of), held_out),
            )
        return _Rewards(rewards(training.everybody, penalty))


class _Rewards:
    def __init__(self, rewards: Floats) -> None:
        self._rewards = rewards

    def predict(self, given: Answers, shown: NDArray[np.int64]) -> Floats:
        probabilities: Floats = np.exp(log_probabilities(self._rewards, shown))
        return probabilities
