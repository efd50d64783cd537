"""People of tables of comparisons, and which of them lie where."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ._leaning import Partition
from .errors import LeaningError

BLOCK = 64
"""People of a block. Every partition but the last holds whole blocks, so that sums do not depend on
the number of partitions."""

COLUMNS = ("user", "shown", "chose", "verdict")
"""The columns of comparisons."""

Rows: TypeAlias = "tuple[str, Any, NDArray[np.int64]]"
"""The name of a table, some of its rows, and their numbers in messages."""


def arrow() -> Any:
    """PyArrow.

    Raises:
        LeaningError: If it is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        message = "options: dataset: fits to partitions need PyArrow: pip install pyarrow"
        raise LeaningError(message, "options", "dataset") from None
    return pyarrow


def table_of(source: Any, name: str) -> Any:
    """A table in memory as one of PyArrow.

    Raises:
        LeaningError: Of the code ``table`` for anything else.
    """
    pa = arrow()
    if isinstance(source, Mapping):
        source = {
            # A row of such an array is a list of numbers.
            column: list(values) if getattr(values, "ndim", 1) == 2 else values
            for column, values in source.items()
        }
    try:
        return pa.table(source)
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise _flaw(name, f"expected a table: {_first_line(error)}") from None


@dataclass(frozen=True)
class Source:
    """A table of comparisons: a Parquet file, or a table in memory."""

    name: str
    table: Any

    def read(self, columns: Sequence[str]) -> Any:
        """The columns that are there.

        Raises:
            LeaningError: With the name of the table.
        """
        pa = arrow()
        if not isinstance(self.table, str):
            return self.table.select([of for of in columns if of in self.table.column_names])
        from pyarrow import parquet

        try:
            with parquet.ParquetFile(self.table) as file:
                return file.read([of for of in columns if of in file.schema_arrow.names])
        except FileNotFoundError:
            raise _flaw(self.name, "there is no such file") from None
        except (OSError, ValueError, pa.ArrowException) as error:
            message = f"not readable as Parquet: {_first_line(error)}"
            raise _flaw(self.name, message) from None

    def of_people(self, low: int, high: int) -> Rows:
        """The rows of people by their places in this table, from ``low`` to before ``high``."""
        table = self.read(COLUMNS)
        person, _ = people(table, self.name)
        numbers = np.flatnonzero((person >= low) & (person < high)).astype(np.int64)
        # In a file, rows count from 1, as `leaning.fit` counts them.
        first = 1 if isinstance(self.table, str) else 0
        return (self.name, table.take(arrow().array(numbers)), numbers + first)


@dataclass(frozen=True)
class Piece:
    """Those people of a source that a partition holds, by their places in the source."""

    source: Source
    low: int
    high: int

    def rows(self) -> Rows:
        """Their rows."""
        return self.source.of_people(self.low, self.high)

    def portable(self) -> Piece | Taken:
        """What can be sent elsewhere: of a table in memory, those rows alone."""
        return self if isinstance(self.source.table, str) else Taken(self.rows())


@dataclass(frozen=True)
class Taken:
    """Rows of people, taken from a table."""

    taken: Rows

    def rows(self) -> Rows:
        """The rows."""
        return self.taken

    def portable(self) -> Taken:
        """Itself."""
        return self


@dataclass(frozen=True)
class Responses:
    """What describes responses.

    Attributes:
        table: The path of a table, or a table of PyArrow.
        features: More features, in the same way, or ``None``.
        scores: The columns that are features; all of numbers if there are none.
    """

    table: Any
    features: Any
    scores: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """What a partition is made of, besides the responses. It can be made again anywhere.

    Attributes:
        pieces: Where its people's comparisons are.
        first: The place of its first person among all people.
        memory: The bytes that it may take, or ``None`` for what is free.
    """

    pieces: tuple[Piece | Taken, ...]
    first: int
    memory: int | None

    def read(self, responses: Responses) -> Partition:
        """The partition.

        Raises:
            LeaningError: With the table and the row of a flaw, or the memory that is missing.
        """
        return Partition.from_pieces(
            responses.table,
            responses.features,
            list(responses.scores),
            [piece.rows() for piece in self.pieces],
            self.first,
            self.memory,
        )

    def portable(self) -> Input:
        """What can be sent elsewhere."""
        return replace(self, pieces=tuple(piece.portable() for piece in self.pieces))


def people(table: Any, name: str) -> tuple[NDArray[np.int64], Any]:
    """The person of each row, by the order of their first rows, and the people's ids.

    A row without a user goes to the first person, so that reading it tells the flaw.
    """
    pa = arrow()
    if "user" not in table.column_names:
        raise _flaw(name, "expected a column user, found none")
    try:
        users = table.column("user").cast(pa.string()).combine_chunks()
    except pa.ArrowException as error:
        raise _flaw(name, f"user: expected names: {_first_line(error)}") from None
    if isinstance(users, pa.ChunkedArray):
        users = pa.concat_arrays(users.chunks) if users.num_chunks else pa.array([], pa.string())
    encoded = users.dictionary_encode()
    place = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(place, dtype=np.int64), encoded.dictionary


class Census:
    """Counts the people of sources.

    Attributes:
        sources: The sources, in their order.
        counts: The number of people of each.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        pa = arrow()
        self.sources = tuple(sources)
        counts = []
        ids = []
        for source in self.sources:
            person, known = people(source.read(("user",)), source.name)
            # A table of rows without a user is still to be read, which tells the flaw.
            counts.append(max(len(known), min(len(person), 1)))
            ids.append(known)
        self.counts = tuple(counts)
        if len(ids) > 1 and (twice := _first_again(pa.chunked_array(ids, pa.string()))) is not None:
            place = next(at for at in range(len(ids) - 1, -1, -1) if twice in ids[at].to_pylist())
            message = f"{twice!r} is in another file as well: a person's rows are in one file"
            raise _flaw(self.sources[place].name, message)

    @property
    def total(self) -> int:
        """The number of all people."""
        return sum(self.counts)

    def pieces(self, low: int, high: int) -> tuple[Piece, ...]:
        """Where the people from ``low`` to before ``high`` are."""
        pieces = []
        start = 0
        for source, count in zip(self.sources, self.counts, strict=True):
            within = (max(low - start, 0), min(high - start, count))
            if within[0] < within[1]:
                pieces.append(Piece(source, *within))
            start += count
        return tuple(pieces)

    def ranges(self, partitions: int) -> Iterator[tuple[int, int]]:
        """The people of each partition, as equal in number as whole blocks allow. There are no more
        partitions than blocks.
        """
        blocks = -(-self.total // BLOCK)
        partitions = max(1, min(partitions, blocks))
        cuts = [BLOCK * (blocks * cut // partitions) for cut in range(partitions)]
        return zip(cuts, [*cuts[1:], self.total], strict=True)

    def some(self, step: int) -> Any:
        """The rows of every ``step``-th person."""
        tables = []
        start = 0
        for source, count in zip(self.sources, self.counts, strict=True):
            table = source.read(COLUMNS)
            person, _ = people(table, source.name)
            tables.append(table.filter(arrow().array((person + start) % step == 0)))
            start += count
        return arrow().concat_tables(tables, promote_options="permissive")


def sources_of(comparisons: Any) -> list[Source]:
    """The sources of comparisons: a table in memory, or the paths of Parquet files."""
    if isinstance(comparisons, (str, os.PathLike)):
        comparisons = [comparisons]
    if isinstance(comparisons, Sequence):
        if not comparisons or not all(isinstance(of, (str, os.PathLike)) for of in comparisons):
            message = "expected a table in memory, or the paths of Parquet files"
            raise _flaw("comparisons", message)
        paths = [os.fspath(path) for path in comparisons]
        return [Source(path, os.path.abspath(path)) for path in paths]
    return [Source("comparisons", table_of(comparisons, "comparisons"))]


def _first_again(ids: Any) -> str | None:
    """A text that is there twice."""
    counts = ids.value_counts()
    twice = np.flatnonzero(counts.field("counts").to_numpy() > 1)
    return None if len(twice) == 0 else str(counts.field("values")[twice[0]].as_py())


def _flaw(name: str, message: str) -> LeaningError:
    return LeaningError(f"{name}: {message}", "table", name)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
