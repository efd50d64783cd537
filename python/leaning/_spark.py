"""Partitions in the workers of Spark."""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ._engines import Read, Totals
from ._leaning import Partition
from ._people import Input, Responses, arrow
from .errors import LeaningError


class OnSpark:
    """Partitions in the workers of Spark, by ``mapInArrow``.

    A worker keeps its partition from round to round. If Spark asks another one, it reads it again.

    Args:
        session: The ``SparkSession``.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._id = uuid.uuid4().hex
        self._made_of: list[tuple[Responses, Input]] = []

    def partitions(self) -> int:
        """As many as Spark would have."""
        return int(self._session.sparkContext.defaultParallelism)

    def read(self, responses: Responses, inputs: Sequence[Input], told: Read) -> list[Totals]:
        """As :meth:`Engine.read`."""
        self._made_of = [(responses, of.portable()) for of in inputs]
        totals: list[Totals] = [pickle.loads(of) for of in self.ask(b"")]
        told(len(inputs), len(inputs))
        return totals

    def ask(self, request: bytes) -> list[bytes]:
        """As :meth:`Engine.ask`."""
        fit, made_of = self._id, self._made_of

        def step(batches: Iterable[Any]) -> Iterator[Any]:
            for batch in batches:
                for place in batch.column("id").to_pylist():
                    yield _answer(fit, place, made_of[place], request)

        places = self._session.range(0, len(made_of), 1, len(made_of))
        frame = places.mapInArrow(step, "place long, sums binary, flaw binary")
        rows = sorted(frame.collect(), key=lambda row: row["place"])
        for row in rows:
            if row["flaw"] is not None:
                flaw: LeaningError = pickle.loads(bytes(row["flaw"]))
                raise flaw
        return [bytes(row["sums"]) for row in rows]

    def close(self) -> None:
        """As :meth:`Engine.close`. Workers keep their partitions until the next fit."""
        # Another thread may be asking: it goes on with the list that it has.
        self._made_of = []


_held: dict[tuple[str, int], Partition] = {}


def _answer(fit: str, place: int, made_of: tuple[Responses, Input], request: bytes) -> Any:
    """A batch of Arrow with the sums of a partition, or with the error. An empty request is for its
    totals.
    """
    pa = arrow()
    sums, flaw = None, None
    try:
        if (fit, place) not in _held:
            for other in [of for of in _held if of[0] != fit]:
                del _held[other]
            responses, input = made_of
            _held[fit, place] = input.read(responses)
        partition = _held[fit, place]
        sums = partition.step(request) if request else pickle.dumps(partition.totals)
    except LeaningError as error:
        flaw = pickle.dumps(error)
    columns = {
        "place": pa.array([place], pa.int64()),
        "sums": pa.array([sums], pa.binary()),
        "flaw": pa.array([flaw], pa.binary()),
    }
    return pa.RecordBatch.from_pydict(columns)
