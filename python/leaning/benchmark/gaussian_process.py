"""A Gaussian process over responses and people, by scikit-learn."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import Kernel

from .choices import Answers
from .logit import Floats, needed_features
from .method import Training, validate

_PERSONAL = (0.1, 0.3, 1.0, 3.0)
_BENT = (0.0, 1.0)
_VALIDATED = 30


class GaussianProcess:
    """A preference Gaussian process (Chu & Ghahramani 2005), with a part that people share.

    The reward of a response x for person i is g(x) + h_i(x). Both have a linear kernel and one of
    radial basis functions; h has ``personal`` times the variance of g. Differences of rewards are
    classified by scikit-learn's ``GaussianProcessClassifier``, a Laplace approximation. Its cost
    grows with the cube of the number of comparisons, so it sees the answers of some training
    people alone, drawn at random. One of K counts as K - 1 pairs. The first 30 validation people
    choose the share of the personal part and the variance of the radial basis functions.

    Args:
        pairs: The largest number of pairs of training people.
    """

    name = "Gaussian process"

    def __init__(self, pairs: int = 400) -> None:
        self.pairs = pairs

    def fit(self, training: Training) -> _Process:
        """Chooses the kernel.

        Raises:
            LeaningError: Of the code ``options`` without features.
        """
        features = needed_features(training, self.name)
        features = features - features.mean(axis=0)
        random = np.random.default_rng(training.seed)

        best = (_PERSONAL[2], _BENT[0])
        if training.validation:
            people = _some(training.people, self.pairs, random)
            best = max(
                product(_PERSONAL, _BENT),
                key=lambda of: validate(_Process(features, people, *of), training, _VALIDATED),
            )
        return _Process(features, _some(training.everybody, self.pairs, random), *best)


class _Process:
    def __init__(
        self, features: Floats, people: tuple[Answers, ...], personal: float, bent: float
    ) -> None:
        self._features, self._new = features, len(people)
        self._kernel = _Preference(personal, bent)
        parts = [_pairs(features, of, person) for person, of in enumerate(people)]
        self._pairs = np.concatenate(parts)

    def predict(self, given: Answers, shown: NDArray[np.int64]) -> Floats:
        pairs = np.concatenate([self._pairs, _pairs(self._features, given, self._new)])
        # Half of the pairs are turned round: a classifier needs two classes.
        first_wins = np.arange(len(pairs)) % 2 == 0
        width = self._features.shape[1]
        turned = np.concatenate([pairs[:, width : 2 * width], pairs[:, :width], pairs[:, -1:]], 1)
        rows = np.where(first_wins[:, None], pairs, turned)
        # scikit-learn has no types, and takes no optimizer as well.
        no_optimizer: Any = None
        classifier = GaussianProcessClassifier(self._kernel, optimizer=no_optimizer)
        fitted = classifier.fit(rows, first_wins)

        # Rewards relative to the first response of each question.
        reference = np.broadcast_to(shown[:, :1], shown.shape)
        there = shown >= 0
        asked = np.concatenate(
            [
                self._features[shown[there]],
                self._features[reference[there]],
                np.full((int(there.sum()), 1), float(self._new)),
            ],
            axis=1,
        )
        mean, variance = fitted.latent_mean_and_variance(asked)
        # A logistic function averaged over a normal distribution, as MacKay (1992) approximates it.
        rewards, spread = np.full(shown.shape, -np.inf), np.zeros(shown.shape)
        rewards[there], spread[there] = mean, np.maximum(variance, 0.0)
        others = np.maximum(1, there.sum(axis=1, keepdims=True) - 1)
        flatter = np.sqrt(1.0 + np.pi * spread.sum(axis=1, keepdims=True) / others / 8.0)
        rewards = np.where(there, rewards, 0.0) / flatter
        rewards = np.where(there, rewards, -np.inf)
        odds = np.exp(rewards - rewards.max(axis=1, keepdims=True))
        probabilities: Floats = odds / odds.sum(axis=1, keepdims=True)
        return probabilities


class _Preference(Kernel):
    """The covariance of differences of rewards, for rows of two responses and a person."""

    def __init__(self, personal: float = 1.0, bent: float = 0.0) -> None:
        self.personal = personal
        self.bent = bent

    def __call__(self, X: Floats, Y: Floats | None = None, eval_gradient: bool = False) -> Any:
        Y = X if Y is None else Y
        width = (X.shape[1] - 1) // 2
        (a, b), (c, d) = ((of[:, :width], of[:, width : 2 * width]) for of in (X, Y))
        covariance = (a - b) @ (c - d).T
        if self.bent > 0.0:
            bent = _radial(a, c) - _radial(a, d) - _radial(b, c) + _radial(b, d)
            covariance = covariance + self.bent * bent
        same = X[:, -1:] == Y[None, :, -1]
        covariance = covariance * (1.0 + self.personal * same)
        # No hyperparameter is open to an optimiser.
        return (covariance, np.empty((*covariance.shape, 0))) if eval_gradient else covariance

    def diag(self, X: Floats) -> Floats:  # pyright: ignore[reportIncompatibleMethodOverride]
        width = (X.shape[1] - 1) // 2
        a, b = X[:, :width], X[:, width : 2 * width]
        squares = ((a - b) ** 2).sum(axis=1)
        bent = 2.0 - 2.0 * np.exp(-squares / (2.0 * width))
        diagonal: Floats = (squares + self.bent * bent) * (1.0 + self.personal)
        return diagonal

    def is_stationary(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        return False


def _radial(a: Floats, b: Floats) -> Floats:
    """Radial basis functions, whose length scale is the square root of the number of features."""
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * a @ b.T
    kernel: Floats = np.exp(-np.maximum(squares, 0.0) / (2.0 * a.shape[1]))
    return kernel


def _some(
    people: tuple[Answers, ...], pairs: int, random: np.random.Generator
) -> tuple[Answers, ...]:
    """People drawn at random, with so many pairs or the first person's."""
    order = random.permutation(len(people))
    sizes = np.array([int((people[of].shown[:, 1:] >= 0).sum()) for of in order])
    count = max(1, int((np.cumsum(sizes) <= pairs).sum()))
    return tuple(people[of] for of in order[:count])


def _pairs(features: Floats, answers: Answers, person: int) -> Floats:
    """The chosen response, another one, and the person: a row for each other response."""
    rows = np.arange(len(answers))
    chosen = np.broadcast_to(answers.shown[rows, answers.chose][:, None], answers.shown.shape)
    is_other = (np.arange(answers.shown.shape[1]) != answers.chose[:, None]) & (answers.shown >= 0)
    whose = np.full((int(is_other.sum()), 1), float(person))
    return np.concatenate(
        [features[chosen[is_other]], features[answers.shown[is_other]], whose], axis=1
    )
