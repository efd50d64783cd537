"""The measurements of several methods on the same people, with intervals over people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _html

Measure: TypeAlias = Literal["accuracy", "log_likelihood"]
_MEASURES: dict[Measure, str] = {
    "accuracy": "accuracy",
    "log_likelihood": "log-likelihood, nats an answer",
}
_RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A mean over people, and its 95% interval by bootstrap over people."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_short(self.mean)} ({_short(self.low)} to {_short(self.high)})"


@dataclass(frozen=True, eq=False)
class Results:
    """What :func:`leaning.benchmark.run` measured: M methods, A numbers of answers, P people.

    Attributes:
        methods: The names of the methods.
        after: The numbers of answers given before the measurement, A.
        people: The names of the people, P.
        tested: The number of each one's held-out answers, P.
        accuracy: The share of each one's held-out answers that were predicted, M × A × P; where k
            responses are equally probable, one of them counts 1/k.
        log_likelihood: The mean of log P(answer) over each one's held-out answers in nats,
            M × A × P.
        left_out: The number of people with too few answers.
        dropped: The number of comparisons without a choice.
        unseen: Whether the held-out answers were about unseen responses.
        seed: What decided everything that was drawn.
    """

    methods: tuple[str, ...]
    after: NDArray[np.int64]
    people: tuple[str, ...]
    tested: NDArray[np.int64]
    accuracy: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]
    left_out: int
    dropped: int
    unseen: bool
    seed: int

    def interval(self, measure: Measure, method: str, after: int) -> Interval:
        """The mean over people. ``after`` is one of the numbers of answers."""
        return self._bootstrap(self._of(measure, method, after))

    def difference(
        self, measure: Measure, method: str, after: int, *, to: str | None = None
    ) -> Interval:
        """By how much a method is better than another, paired by person.

        Args:
            measure: ``accuracy`` or ``log_likelihood``.
            method: The name of the method.
            after: One of the numbers of answers.
            to: The name of the other; the first method by default.
        """
        other = self._of(measure, self.methods[0] if to is None else to, after)
        return self._bootstrap(self._of(measure, method, after) - other)

    def markdown(self, measure: Measure, *, to: Sequence[str] | None = None) -> str:
        """A table with a row for each method, and below it the differences to some of them.

        Args:
            measure: ``accuracy`` or ``log_likelihood``.
            to: The names of those; the first method by default.
        """
        header, *rows = self._table(measure, self.methods[:1] if to is None else to)
        head, *body = (f"| {' | '.join(line)} |" for line in (header, *rows))
        return "\n".join([head, "|---" + "|---:" * (len(header) - 1) + "|", *body])

    def about(self) -> str:
        """How much was measured, in one sentence."""
        responses = " about unseen responses" if self.unseen else ""
        return (
            f"{len(self.people)} unseen people, {self.tested.sum()} held-out answers{responses}; "
            f"{self.left_out} people with too few answers left out, {self.dropped} comparisons "
            f"without a choice dropped; seed {self.seed}"
        )

    def _of(self, measure: Measure, method: str, after: int) -> NDArray[np.float64]:
        values = self.accuracy if measure == "accuracy" else self.log_likelihood
        if method not in self.methods:
            raise KeyError(method)
        found = np.flatnonzero(self.after == after)
        if len(found) == 0:
            raise KeyError(after)
        of: NDArray[np.float64] = values[self.methods.index(method), found[0]]
        return of

    def _bootstrap(self, values: NDArray[np.float64]) -> Interval:
        # The same people are drawn for every figure, so that figures move together.
        random = np.random.default_rng(self.seed)
        drawn = random.integers(len(values), size=(_RESAMPLES, len(values)))
        low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
        return Interval(float(values.mean()), float(low), float(high))

    def _table(self, measure: Measure, to: Sequence[str]) -> list[list[str]]:
        counts = [int(count) for count in self.after]
        rows = [[f"{_MEASURES[measure]}, after", *map(str, counts)]]
        rows += [
            [method, *(str(self.interval(measure, method, count)) for count in counts)]
            for method in self.methods
        ]
        rows += [
            [
                f"{method} − {other}",
                *(str(self.difference(measure, method, count, to=other)) for count in counts),
            ]
            for place, other in enumerate(to)
            for method in self.methods
            if method != other and method not in to[:place]
        ]
        return rows

    def __repr__(self) -> str:
        return f"Results({list(self.methods)}, after={self.after.tolist()}, {self.about()})"

    def _repr_html_(self) -> str:
        parts = [_html.heading("Benchmark", self.about())]
        for measure in _MEASURES:
            header, *rows = self._table(measure, self.methods[:1])
            parts.append(_html.table(header, rows))
        return "".join(parts)


def _short(number: float) -> str:
    """Three digits after the point, without a zero before it."""
    text = f"{abs(number):.3f}"
    sign = "−" if number < 0 and float(text) > 0 else ""
    return sign + text.removeprefix("0")
