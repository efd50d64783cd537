"""Preferences as scikit-learn fits them: rows of features, and comparisons between rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from . import _leaning

_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(32)


class LeaningRanker(BaseEstimator):
    """Everybody's weights for features, from comparisons between rows.

    A person's reward for a row x is λᵀx. The weights λ of each person come from a population that
    is fitted to everybody's comparisons, so somebody with few comparisons is close to the others,
    and somebody unknown is the population's mean.

    Parameters:
        lapse: Probability that an answer is given at random.
        indifference: Rewards closer than about this are a tie, if there are ties.
        components: Number of kinds of people to look for.
        random_state: Decides where the search for several components starts.

    Attributes:
        coef_: The mean of the population's weights, d numbers.
        covariance_: The covariance of weights over people, d × d.
        groups_: The g people, sorted.
        group_coef_: The mean of each one's weights, g × d.
        group_covariance_: The covariance of each one's weights, g × d × d.
        n_features_in_: Number of features d.
    """

    def __init__(
        self,
        *,
        lapse: float = 0.02,
        indifference: float = 0.5,
        components: int = 1,
        random_state: int = 0,
    ) -> None:
        self.lapse = lapse
        self.indifference = indifference
        self.components = components
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None) -> LeaningRanker:
        """Fits the population, and everybody's weights.

        Args:
            X: n × d features.
            y: The comparisons. m × 2 places of rows: the better and the worse one. Or m × 3: two
                places of rows, and 1 if the first is better, -1 if the second is, 0 for a tie. Or n
                numbers, larger for a better row: neighbours in the order of a group are compared.
            groups: The person of each comparison, m (or n) of anything that can be sorted. All are
                one person's without it.

        Returns:
            The ranker itself.

        Raises:
            ValueError: For arrays that do not fit together, or without any comparison.
        """
        rows = self._rows(X, reset=True)
        y = _comparisons(y)
        people, person = _groups(groups, len(y))
        if y.ndim == 1:
            if len(y) != len(rows):
                raise ValueError(f"expected a number for each of {len(rows)} rows, found {len(y)}")
            first, second, tie, person = _neighbours(y, person)
        else:
            first, second, tie = _pairs(y, len(rows))
        if len(first) == 0:
            message = "expected at least one comparison of two rows, found none"
            raise ValueError(f"{message} (n_samples = {len(rows)})")
        # Somebody without a comparison tells nothing.
        known, person = np.unique(person, return_inverse=True)
        people = people[known]
        # Without ties nobody was asked for any.
        self._indifference = float(self.indifference) if tie.any() else 0.0
        comparisons = {
            "rows": rows,
            "first": first,
            "second": second,
            "tie": tie,
            "person": person,
            "people": len(people),
        }
        settings = (float(self.lapse), self._indifference)
        shares, means, covariances = _leaning.fit_population(
            comparisons, *settings, int(self.components), int(self.random_state)
        )
        self.component_shares_ = shares
        self.component_coef_ = means
        self.component_covariance_ = covariances
        self.coef_ = shares @ means
        spread = means - self.coef_
        self.covariance_ = np.einsum("k,kij->ij", shares, covariances) + (
            (shares * spread.T) @ spread
        )
        self.groups_ = people
        self.group_coef_, self.group_covariance_ = _leaning.people_posteriors(
            comparisons, *settings, shares, means, list(covariances)
        )
        return self

    def predict(self, X: ArrayLike, groups: ArrayLike | None = None) -> NDArray[np.float64]:
        """The reward of each row. Only differences for one person mean anything.

        Args:
            X: n × d features.
            groups: The person of each row. Unknown people, and all without it, have the
                population's mean weights.

        Returns:
            n rewards.
        """
        check_is_fitted(self)
        rows = self._rows(X)
        if groups is None:
            rewards: NDArray[np.float64] = rows @ self.coef_
            return rewards
        means, _ = self._weights(groups, len(rows))
        rewards = np.einsum("ij,ij->i", rows, means)
        return rewards

    def predict_preference(
        self, first: ArrayLike, second: ArrayLike, groups: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """The probability that the first of two rows is preferred, where a tie counts half.

        It is averaged over what is unknown about the weights.

        Args:
            first: n × d features.
            second: n × d features.
            groups: The person of each pair, as for :meth:`predict`.

        Returns:
            n probabilities.
        """
        check_is_fitted(self)
        a = self._rows(first)
        b = np.asarray(check_array(second, dtype="float64"))
        if a.shape != b.shape:
            raise ValueError(f"expected two arrays of one shape, found {a.shape} and {b.shape}")
        difference = a - b
        if groups is None:
            mean = difference @ self.coef_
            variance = np.einsum("ij,jk,ik->i", difference, self.covariance_, difference)
        else:
            means, covariances = self._weights(groups, len(a))
            mean = np.einsum("ij,ij->i", difference, means)
            variance = np.einsum("ij,ijk,ik->i", difference, covariances, difference)
        rewards = mean[:, None] + np.sqrt(np.maximum(variance, 0.0))[:, None] * _NODES
        band = self._indifference
        choice = 0.5 * (_sigmoid(rewards - band) + 1.0 - _sigmoid(-rewards - band))
        average = choice @ _NODE_WEIGHTS / np.sqrt(2.0 * np.pi)
        probability: NDArray[np.float64] = (1.0 - self.lapse) * average + 0.5 * self.lapse
        return probability

    def score(self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None) -> float:
        """The share of comparisons whose better row has the higher reward; equals count half, and
        ties do not count. The arguments are those of :meth:`fit`.
        """
        check_is_fitted(self)
        rows = self._rows(X)
        y = _comparisons(y)
        people, person = _groups(groups, len(y))
        if y.ndim == 1:
            first, second, tie, person = _neighbours(y, person)
        else:
            first, second, tie = _pairs(y, len(rows))
        if tie.all():
            raise ValueError("expected at least one comparison that is no tie, found none")
        difference = rows[first] - rows[second]
        if groups is None:
            lead = difference @ self.coef_
        else:
            means, _ = self._weights(people[person], len(difference))
            lead = np.einsum("ij,ij->i", difference, means)
        return float(np.mean(0.5 * (1.0 + np.sign(lead[~tie]))))

    def _rows(self, features: Any, *, reset: bool = False) -> NDArray[np.float64]:
        """Features as rows of numbers, as many as were fitted unless that is to be reset."""
        return np.asarray(validate_data(self, features, dtype=np.float64, reset=reset))

    def _weights(
        self, groups: ArrayLike, count: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and covariance of the weights of each person in a list."""
        # Numbers and texts side by side stay what they are.
        names = np.asarray(groups, dtype=object)
        if names.shape != (count,):
            raise ValueError(f"groups: expected {count} people, found an array of {names.shape}")
        places = {name: place for place, name in enumerate(self.groups_.tolist())}
        found = np.array([places.get(name, -1) for name in names.tolist()], dtype=np.int64)
        # The place -1 is the last one: the population.
        means = np.concatenate([self.group_coef_, self.coef_[None]])
        covariances = np.concatenate([self.group_covariance_, self.covariance_[None]])
        return means[found], covariances[found]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def _comparisons(y: ArrayLike) -> NDArray[Any]:
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    array = np.asarray(check_array(y, ensure_2d=False, dtype="numeric", input_name="y"))
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    return array


def _groups(groups: ArrayLike | None, count: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The people, and the place of each comparison's person among them."""
    names = np.zeros(count, dtype=np.int64) if groups is None else np.asarray(groups)
    if names.shape != (count,):
        raise ValueError(f"groups: expected {count} people, found an array of {names.shape}")
    people, person = np.unique(names, return_inverse=True)
    return people, person.astype(np.int64)


def _pairs(
    y: NDArray[Any], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The better and the worse row of each comparison, and whether it is a tie."""
    if y.ndim != 2 or y.shape[1] not in (2, 3):
        raise ValueError(f"expected comparisons of m × 2 or m × 3, found an array of {y.shape}")
    places = y[:, :2].astype(np.int64)
    if (places != y[:, :2]).any() or (places < 0).any() or (places >= rows).any():
        raise ValueError(f"expected places of rows from 0 to {rows - 1}")
    first, second = places[:, 0], places[:, 1]
    if y.shape[1] == 2:
        return first.copy(), second.copy(), np.zeros(len(y), dtype=np.bool_)
    outcome = y[:, 2]
    if not np.isin(outcome, (-1, 0, 1)).all():
        raise ValueError("expected 1, 0 or -1 in the third column of comparisons")
    is_second = outcome < 0
    return (
        np.where(is_second, second, first),
        np.where(is_second, first, second),
        outcome == 0,
    )


def _neighbours(
    y: NDArray[Any], person: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Comparisons of neighbours in the order of each person. Equals are not compared."""
    order = np.lexsort((y, person))
    worse, better = order[:-1], order[1:]
    counts = (person[worse] == person[better]) & (y[worse] < y[better])
    better, worse = better[counts], worse[counts]
    return better, worse, np.zeros(len(better), dtype=np.bool_), person[better]


def _sigmoid(u: NDArray[np.float64]) -> NDArray[np.float64]:
    half: NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * u))
    return half
