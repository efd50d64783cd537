"""What a method is, and how its predictions are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .choices import Answers, Responses


@dataclass(frozen=True, eq=False)
class Training:
    """What a method may learn from. None of these people is tested.

    Attributes:
        responses: Everything that is shown. Of unseen responses it has the features alone.
        people: The answers of people to learn from.
        validation: The answers of more people, to choose settings by.
        after: The numbers of answers after which tested people are predicted.
        seed: For whatever a method draws.
    """

    responses: Responses
    people: tuple[Answers, ...]
    validation: tuple[Answers, ...]
    after: tuple[int, ...]
    seed: int

    @property
    def everybody(self) -> tuple[Answers, ...]:
        """All these people, for a last fit once settings are chosen."""
        return self.people + self.validation


class Predictor(Protocol):
    """A fitted method."""

    def predict(self, given: Answers, shown: NDArray[np.int64]) -> NDArray[np.float64]:
        """The probability of each choice of a new person.

        Args:
            given: The answers that are known of the person, perhaps none.
            shown: Questions to the same person by the rows of responses, m × K; -1 where fewer
                were shown.

        Returns:
            m × K probabilities, 0 where nothing was shown.
        """
        ...


class Method(Protocol):
    """A way of predicting people's choices."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def fit(self, training: Training) -> Predictor:
        """Learns from people who are not tested."""
        ...


def validate(predictor: Predictor, training: Training, people: int | None = None) -> float:
    """The mean log-likelihood of the validation people's later answers, to choose settings by.

    It is measured as in the test: after the same numbers of answers, on the same later ones.
    Somebody with few answers has the later half of them as the later ones.

    Args:
        predictor: Fitted to the people who are not for validation.
        training: What it was fitted to.
        people: The number of validation people to measure; all by default.
    """
    found = []
    for person in training.validation[:people]:
        most = min(training.after[-1], len(person) // 2)
        later = person[most:]
        for count in training.after:
            probabilities = predictor.predict(person[: min(count, most)], later.shown)
            found.append(measure("validation", probabilities, later)[1])
    return float(np.mean(found))


def measure(
    name: str, probabilities: NDArray[np.float64], held_out: Answers
) -> tuple[float, float]:
    """Accuracy and mean log-likelihood of a person's answers under the method of this name.

    Raises:
        ValueError: If they are no probabilities.
    """
    there = held_out.shown >= 0
    sums_to_one = np.allclose(np.where(there, probabilities, 0.0).sum(axis=1), 1.0, atol=1e-6)
    if probabilities.shape != there.shape or not sums_to_one or not (probabilities >= 0.0).all():
        raise ValueError(f"{name}: expected probabilities of each question that add up to 1")
    chosen = probabilities[np.arange(len(held_out)), held_out.chose]
    best = np.where(there, probabilities, -1.0).max(axis=1)
    # Sums in another order must not make a difference of equally good responses.
    equal = (there & (probabilities >= best[:, None] - 1e-9)).sum(axis=1)
    hits = np.where(chosen >= best - 1e-9, 1.0 / equal, 0.0)
    return float(hits.mean()), float(np.log(np.maximum(chosen, 1e-300)).mean())
