"""A mixed logit by hierarchical Bayes, sampled by Metropolis within Gibbs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .choices import Answers
from .logit import Floats, log_probabilities, needed_features
from .method import Training

_DRAWS = 250
_SWEEPS, _WARM_UP = 60, 30


class MixedLogit:
    """A logit whose weights differ by person, λ ~ N(m, V), by a Gibbs sampler.

    The prior is m ~ N(0, 100 I), V ~ inverse Wishart(d + 3, (d + 3) I). The training people's
    weights are sampled by random-walk Metropolis within Gibbs (Rossi, Allenby & McCulloch 2005,
    Bayesian Statistics and Marketing, chapter 5). A new person's weights are sampled by elliptical
    slice sampling (Murray, Adams & MacKay 2010) for each of 250 draws of m and V. These draws are
    not weighted by the new person's own answers, which matter little beside everybody else's.

    Args:
        iterations: The length of the chain; half of it is warm-up.
    """

    name = "mixed logit"

    def __init__(self, iterations: int = 6000) -> None:
        self.iterations = iterations

    def fit(self, training: Training) -> _Population:
        """Samples the population.

        Raises:
            LeaningError: Of the code ``options`` without features.
        """
        features = needed_features(training, self.name)
        random = np.random.default_rng(training.seed)
        means, covariances = _sample_population(
            *_questions(features, training.everybody), self.iterations, random
        )
        return _Population(features, means, covariances, training.seed)


class _Population:
    def __init__(self, features: Floats, means: Floats, covariances: Floats, seed: int) -> None:
        self._features, self._means, self._seed = features, means, seed
        self._roots = np.linalg.cholesky(covariances)

    def predict(self, given: Answers, shown: NDArray[np.int64]) -> Floats:
        random = np.random.default_rng(self._seed)
        draws = self._off(random)
        if len(given) == 0:
            return self._probabilities(self._means + draws, shown)
        differences, there = _questions(self._features, (given,))

        def likelihood_of(off: Floats, chains: NDArray[np.int64]) -> Floats:
            return _log_likelihood(differences, there, self._means[chains] + off)

        likelihood = likelihood_of(draws, np.arange(len(draws)))
        total, kept = np.zeros(shown.shape), 0
        for sweep in range(_SWEEPS):
            draws, likelihood = self._slice(draws, likelihood, likelihood_of, random)
            # Neighbouring states of a chain say much the same.
            if sweep >= _WARM_UP and sweep % 5 == 4:
                total += self._probabilities(self._means + draws, shown)
                kept += 1
        return total / kept

    def _off(self, random: np.random.Generator) -> Floats:
        """Draws of λ - m from the prior, one for each draw of m and V."""
        normal = random.standard_normal(self._means.shape)
        off: Floats = np.einsum("sij,sj->si", self._roots, normal)
        return off

    def _slice(
        self,
        off: Floats,
        likelihood: Floats,
        likelihood_of: Callable[[Floats, NDArray[np.int64]], Floats],
        random: np.random.Generator,
    ) -> tuple[Floats, Floats]:
        """A sweep of elliptical slice sampling of all chains, and their log-likelihoods."""
        other = self._off(random)
        bar = likelihood + np.log1p(-random.random(len(off)))
        angle = random.uniform(0.0, 2.0 * np.pi, len(off))
        low, high = angle - 2.0 * np.pi, angle.copy()
        moved, found = off.copy(), likelihood.copy()
        open_ = np.arange(len(off))
        while len(open_) > 0:
            turn = angle[open_, None]
            proposal = off[open_] * np.cos(turn) + other[open_] * np.sin(turn)
            proposed = likelihood_of(proposal, open_)
            accepted = proposed > bar[open_]
            moved[open_[accepted]], found[open_[accepted]] = proposal[accepted], proposed[accepted]
            open_ = open_[~accepted]
            # The bracket shrinks towards the present state, which is always accepted.
            low[open_] = np.where(angle[open_] < 0.0, angle[open_], low[open_])
            high[open_] = np.where(angle[open_] >= 0.0, angle[open_], high[open_])
            angle[open_] = random.uniform(low[open_], high[open_])
        return moved, found

    def _probabilities(self, weights: Floats, shown: NDArray[np.int64]) -> Floats:
        used, places = np.unique(shown, return_inverse=True)
        local = np.where(shown < 0, -1, places.reshape(shown.shape))
        log = log_probabilities(weights @ self._features[used].T, local)
        mean: Floats = np.exp(log).mean(axis=0)
        return mean


def _questions(features: Floats, people: tuple[Answers, ...]) -> tuple[Floats, Floats]:
    """Features of the responses not chosen minus those of the chosen one.

    Returns:
        The differences, people × answers × others × d, and 0 for each that exists, people ×
        answers × others; it is -inf for an answer or a response that does not.
    """
    longest, others = max(map(len, people)), people[0].shown.shape[1] - 1
    differences = np.zeros((len(people), longest, others, features.shape[1]))
    there = np.full(differences.shape[:3], -np.inf)
    for place, person in enumerate(people):
        rows = np.arange(len(person))
        chosen = person.shown[rows, person.chose]
        is_other = np.arange(others + 1) != person.chose[:, None]
        rest = person.shown[is_other].reshape(len(person), others)
        differences[place, : len(person)] = features[rest] - features[chosen][:, None]
        there[place, : len(person)] = np.where(rest >= 0, 0.0, -np.inf)
    return differences, there


def _log_likelihood(differences: Floats, there: Floats, weights: Floats) -> Floats:
    """The log-likelihood of all answers of each person, or of one person under many weights."""
    people, answers, others, d = differences.shape
    rewards = np.matmul(differences.reshape(people, -1, d), weights[:, :, None])
    lead = rewards.reshape(len(weights), answers, others) + there
    top = np.maximum(lead.max(axis=2), 0.0)
    log = -top - np.log(np.exp(-top) + np.exp(lead - top[:, :, None]).sum(axis=2))
    likelihood: Floats = log.sum(axis=1)
    return likelihood


def _sample_population(
    differences: Floats, there: Floats, iterations: int, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of m and V from the second half of a chain."""
    n, d = len(differences), differences.shape[3]
    warm_up = iterations // 2
    weights, m = np.zeros((n, d)), np.zeros(d)
    V: Floats = np.eye(d)
    likelihood = _log_likelihood(differences, there, weights)
    log_scale = np.full(n, np.log(2.4 / np.sqrt(d)))
    kept = set(np.linspace(warm_up, iterations - 1, _DRAWS).astype(int).tolist())
    means, covariances = [], []
    for step in range(iterations):
        root, inverse = np.linalg.cholesky(V), np.linalg.inv(V)
        normal = random.standard_normal((n, d))
        proposal = weights + np.exp(log_scale)[:, None] * (normal @ root.T)
        proposed = _log_likelihood(differences, there, proposal)
        old, new = weights - m, proposal - m
        prior = ((old @ inverse) * old).sum(axis=1) - ((new @ inverse) * new).sum(axis=1)
        ratio = proposed - likelihood + 0.5 * prior
        taken = np.log(random.random(n)) < ratio
        weights[taken], likelihood[taken] = proposal[taken], proposed[taken]
        if step < warm_up:
            # Each person's steps are scaled until 30% of them are accepted.
            log_scale += (np.exp(np.minimum(ratio, 0.0)) - 0.3) * (step + 1) ** -0.5

        covariance = np.linalg.inv(n * inverse + np.eye(d) / 100.0)
        mean = covariance @ inverse @ weights.sum(axis=0)
        m = mean + np.linalg.cholesky(covariance) @ random.standard_normal(d)
        off = weights - m
        # Bartlett's decomposition of the Wishart draw whose inverse is V.
        lower = np.tril(random.standard_normal((d, d)), -1)
        lower[np.diag_indices(d)] = np.sqrt(random.chisquare(d + 3 + n - np.arange(d)))
        factor = np.linalg.cholesky(np.linalg.inv((d + 3) * np.eye(d) + off.T @ off)) @ lower
        drawn = np.linalg.inv(factor @ factor.T)
        V = np.asarray((drawn + drawn.T) / 2.0, dtype=np.float64)
        if step in kept:
            means.append(m)
            covariances.append(V)
    return np.array(means), np.array(covariances)
