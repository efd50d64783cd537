"""The estimator for scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from leaning import LeaningRanker


def choices(people: int = 60, answers: int = 20) -> tuple[Any, Any, Any, Any]:
    """Rows, comparisons, the person of each, and each one's true weights."""
    random = np.random.default_rng(3)
    rows = random.normal(size=(200, 2))
    weights = random.normal(size=(people, 2)) * [0.5, 1.5] + [1.5, 0.0]
    person = np.repeat(np.arange(people), answers)
    pairs = random.integers(200, size=(len(person), 2))
    pairs[:, 1] = (pairs[:, 0] + 1 + pairs[:, 1] % 199) % 200
    lead = np.einsum("ij,ij->i", rows[pairs[:, 0]] - rows[pairs[:, 1]], weights[person])
    wins = random.random(len(person)) < 1.0 / (1.0 + np.exp(-lead))
    return rows, np.where(wins[:, None], pairs, pairs[:, ::-1]), person, weights


def test_people_are_told_apart() -> None:
    rows, pairs, person, weights = choices()
    ranker = LeaningRanker().fit(rows, pairs, groups=person)
    assert np.abs(ranker.coef_ - weights.mean(axis=0)).max() < 0.5
    found = ranker.group_coef_[:, 1]
    assert np.corrcoef(found, weights[:, 1])[0, 1] > 0.85
    assert ranker.score(rows, pairs, groups=person) > ranker.score(rows, pairs) > 0.5
    rewards = ranker.predict(rows[:2], groups=[0, "nobody"])
    assert rewards[0] == pytest.approx(rows[0] @ ranker.group_coef_[0])
    assert rewards[1] == pytest.approx(rows[1] @ ranker.coef_)


def test_preferences_are_probabilities_that_add_up() -> None:
    rows, pairs, person, _ = choices(20)
    ranker = LeaningRanker().fit(rows, pairs, groups=person)
    one = ranker.predict_preference(rows[:50], rows[50:100], groups=person[:50])
    other = ranker.predict_preference(rows[50:100], rows[:50], groups=person[:50])
    np.testing.assert_allclose(one + other, 1.0)
    assert (one > 0).all() and (one < 1).all()


def test_ties_and_the_second_of_a_pair_are_understood() -> None:
    rows = np.array([[1.0], [0.0]])
    won = LeaningRanker().fit(rows, [[0, 1]] * 6 + [[1, 0]] * 2)
    told = LeaningRanker().fit(rows, [[0, 1, 1]] * 6 + [[0, 1, -1]] * 2)
    assert won.coef_ == told.coef_ and won.coef_[0] > 0
    tied = LeaningRanker().fit(rows, [[0, 1, 1]] * 6 + [[0, 1, 0]] * 20)
    assert 0 < tied.coef_[0] < won.coef_[0] + 1.0


def test_numbers_for_rows_compare_neighbours() -> None:
    rows = np.array([[0.0], [1.0], [2.0], [5.0]])
    ranker = LeaningRanker().fit(rows, [1, 2, 3, 3], groups=["a", "a", "a", "b"])
    pairs = LeaningRanker().fit(rows, [[1, 0], [2, 1]], groups=["a", "a"])
    assert ranker.coef_ == pairs.coef_
    assert ranker.groups_.tolist() == ["a"]


@pytest.mark.parametrize(
    ("y", "groups", "message"),
    [
        ([[0, 2]], None, "places of rows from 0 to 1"),
        ([[0, 1, 2]], None, "third column"),
        ([[0, 1]], ["a", "b"], "expected 1 people"),
        ([1.0, 1.0], None, "at least one comparison"),
        ([1.0], None, "a number for each of 2 rows"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(y: Any, groups: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LeaningRanker().fit([[0.0], [1.0]], y, groups=groups)


#: Checks of scikit-learn that do not apply, and why.
EXPECTED: dict[str, str] = {}


def test_scikit_learn_accepts_it() -> None:
    results = check_estimator(LeaningRanker(), expected_failed_checks=EXPECTED, on_fail=None)
    failed = {of["check_name"]: str(of["exception"]) for of in results if of["status"] == "failed"}
    assert failed == {}
    assert clone(LeaningRanker(lapse=0.1)).lapse == 0.1
