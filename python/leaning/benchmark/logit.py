"""The conditional logit: P(k) = exp(u_k) / Σ exp(u_j) over the responses of a question."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ..errors import LeaningError
from .choices import Answers, Responses
from .method import Training

Floats = NDArray[np.float64]


def log_probabilities(rewards: Floats, shown: NDArray[np.int64]) -> Floats:
    """Log-probabilities of each choice, … × m × K; -inf where nothing was shown.

    Args:
        rewards: Of n responses, … × n.
        shown: The responses in each question, m × K; -1 where fewer were shown.
    """
    there = np.where(shown >= 0, rewards[..., shown], -np.inf)
    lead = there - there.max(axis=-1, keepdims=True)
    log: Floats = lead - np.log(np.exp(lead).sum(axis=-1, keepdims=True))
    return log


def loss(rewards: Floats, answers: Answers) -> tuple[float, Floats]:
    """-log P of all answers under the rewards of n responses, and its gradient."""
    log = log_probabilities(rewards, answers.shown)
    chosen = (np.arange(len(answers)), answers.chose)
    slopes = np.exp(log)
    slopes[chosen] -= 1.0
    there = answers.shown >= 0
    return -float(log[chosen].sum()), sums(answers.shown[there], slopes[there], len(rewards))


def sums(places: NDArray[np.int64], numbers: Floats, count: int) -> Floats:
    """The sum of the numbers at each of ``count`` places."""
    added: Floats = np.bincount(places, weights=numbers, minlength=count).astype(np.float64)
    return added


def fit_weights(scores: Floats | None, rows: int, answers: Answers, penalty: float) -> Floats:
    """The weights that minimise -log P of answers plus penalty/2 · ‖weights‖².

    Args:
        scores: n × d; without them each response has a weight of its own.
        rows: The number n of responses.
        answers: What to fit to, perhaps nothing.
        penalty: Larger than 0.
    """
    width = rows if scores is None else scores.shape[1]

    def objective(weights: Floats) -> tuple[float, Floats]:
        value, gradient = loss(weights if scores is None else scores @ weights, answers)
        return (
            value + 0.5 * penalty * float(weights @ weights),
            (gradient if scores is None else scores.T @ gradient) + penalty * weights,
        )

    if len(answers) == 0:
        return np.zeros(width)
    found: Floats = minimize(objective, np.zeros(width), jac=True, method="L-BFGS-B").x
    return found


def scaled_features(responses: Responses, people: tuple[Answers, ...]) -> Floats:
    """The features, n × f, divided by their root mean square difference within questions."""
    shown = Answers.join(people).shown
    here = responses.features[shown]
    # The first response of a question is always there.
    differences = np.where((shown >= 0)[..., None], here - here[:, :1], 0.0)[:, 1:]
    pairs = max(1, int((shown[:, 1:] >= 0).sum()))
    scale = np.sqrt((differences**2).sum(axis=(0, 1)) / pairs)
    scaled: Floats = responses.features / np.where(scale > 0.0, scale, 1.0)
    return scaled


def needed_features(training: Training, method: str) -> Floats:
    """As :func:`scaled_features`, for a method that cannot do without.

    Raises:
        LeaningError: Of the code ``options`` without features.
    """
    if not training.responses.has_features:
        raise LeaningError(f"methods: a {method} needs features", "options", "methods")
    return scaled_features(training.responses, training.everybody)


def mean_log_likelihood(rewards: Floats, answers: Answers) -> float:
    """The mean of log P of answers under the rewards of n responses."""
    return -loss(rewards, answers)[0] / len(answers)
