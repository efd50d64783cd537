"""The choices of a data set as arrays: what was shown, and what was chosen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ..commands import Table
from ..errors import LeaningError
from ..readers._rows import is_missing, number_of, rows_of
from ..style import STYLE_FEATURES, score_style

_RESERVED = ("id", "prompt", "text")


@dataclass(frozen=True, eq=False)
class Responses:
    """Everything that was shown, a row for each response.

    Attributes:
        ids: The n ids.
        prompts: The prompt of each.
        names: The names of the f features.
        features: n × f numbers; f is 0 where nothing is known of a response but its id.
    """

    ids: tuple[str, ...]
    prompts: tuple[str, ...]
    names: tuple[str, ...]
    features: NDArray[np.float64]

    @property
    def has_features(self) -> bool:
        """Whether anything is known of a response that nobody has been asked about."""
        return bool(self.features.shape[1] > 0)


@dataclass(frozen=True, eq=False)
class Answers:
    """Some answers of one person, or of several.

    Attributes:
        shown: The responses in each question by their row, m × K; -1 where fewer were shown.
        chose: The column of the response that was chosen, m.
    """

    shown: NDArray[np.int64]
    chose: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.chose)

    def __getitem__(self, places: slice | NDArray[Any]) -> Answers:
        return Answers(self.shown[places], self.chose[places])

    @classmethod
    def join(cls, people: Sequence[Answers]) -> Answers:
        """The answers of several people, one after the other."""
        shown = np.concatenate([person.shown for person in people])
        return cls(shown, np.concatenate([person.chose for person in people]))


@dataclass(frozen=True, eq=False)
class Choices:
    """A data set.

    Attributes:
        responses: Everything that was shown.
        people: The answers of each person, by name.
        dropped: The number of comparisons without a choice: ties, *neither* and skips.
    """

    responses: Responses
    people: Mapping[str, Answers]
    dropped: int


def read(
    responses: Table, comparisons: Table, *, scores: Sequence[str] | None, style: bool
) -> Choices:
    """The choices in two tables, whose columns are those of :func:`leaning.fit`.

    Raises:
        LeaningError: Of the code ``table`` with the name of the table.
    """
    of = _responses(responses, scores, style)
    rows = {name: row for row, name in enumerate(of.ids)}
    shown: dict[str, list[list[int]]] = {}
    chose: dict[str, list[int]] = {}
    dropped, widest = 0, 2
    for place, row in enumerate(_rows(comparisons, "comparisons")):
        choice = row.get("chose")
        if is_missing(choice) or choice == "":
            dropped += 1
            continue
        cell = row.get("shown")
        names = cell.split("|") if isinstance(cell, str) else [str(name) for name in cell or ()]
        unknown = next((name for name in names if name not in rows), None)
        if unknown is not None:
            _refuse("comparisons", f"row {place}: shown: no response has the id {unknown!r}")
        if str(choice) not in names or len(set(names)) < max(2, len(names)):
            expected = "shown: expected two or more ids, one of them chosen"
            _refuse("comparisons", f"row {place}: {expected}")
        person = str(row.get("user"))
        shown.setdefault(person, []).append([rows[name] for name in names])
        chose.setdefault(person, []).append(names.index(str(choice)))
        widest = max(widest, len(names))
    if not shown:
        _refuse("comparisons", "expected a row with a choice, found none")
    people = {
        person: Answers(_padded(questions, widest), np.array(chose[person], dtype=np.int64))
        for person, questions in shown.items()
    }
    return Choices(of, people, dropped)


def _responses(table: Table, scores: Sequence[str] | None, style: bool) -> Responses:
    rows = list(_rows(table, "responses"))
    for column in ("id", "prompt"):
        if any(is_missing(row.get(column)) for row in rows):
            _refuse("responses", f"expected a column {column} with something in each row")
    names = [name for name in (rows[0] if rows else ()) if name not in _RESERVED]
    columns: dict[str, NDArray[np.float64]] = {}
    for name in names if scores is None else scores:
        numbers = _numbers(row.get(name) for row in rows)
        if numbers is not None:
            width = numbers.shape[1]
            columns |= {
                (name if width == 1 else f"{name}_{of}"): numbers[:, of] for of in range(width)
            }
        elif scores is not None:
            _refuse("responses", f"{name}: expected a number in each row")
    if style:
        texts = [str(row.get("text") or "") for row in rows]
        columns |= dict(zip(STYLE_FEATURES, score_style(texts).T, strict=True))
    features = np.stack(list(columns.values()), axis=1) if columns else np.empty((len(rows), 0))
    return Responses(
        ids=tuple(str(row["id"]) for row in rows),
        prompts=tuple(str(row["prompt"]) for row in rows),
        names=tuple(columns),
        features=features,
    )


def _numbers(cells: Iterator[Any]) -> NDArray[np.float64] | None:
    """A column of numbers, or of lists of numbers, as an array of two axes."""
    found: list[list[float]] = []
    for cell in cells:
        listed = cell if isinstance(cell, (list, tuple, np.ndarray)) else [cell]
        numbers = [number for one in listed if (number := number_of(one)) is not None]
        if len(numbers) < len(listed) or (found and len(numbers) != len(found[0])):
            return None
        found.append(numbers)
    return np.array(found, dtype=np.float64) if found else None


def _rows(table: Table, name: str) -> Iterator[Mapping[str, Any]]:
    if isinstance(table, Mapping):
        columns = list(table)
        for cells in zip(*table.values(), strict=True):
            yield dict(zip(columns, cells, strict=True))
    elif hasattr(table, "__arrow_c_stream__") and not isinstance(table, (str, os.PathLike)):
        try:
            import pyarrow
        except ImportError:
            yield from rows_of(table, name)
        else:
            yield from pyarrow.table(table).to_pylist()
    else:
        yield from rows_of(table, name)


def _padded(questions: list[list[int]], width: int) -> NDArray[np.int64]:
    padded = np.full((len(questions), width), -1, dtype=np.int64)
    for place, question in enumerate(questions):
        padded[place, : len(question)] = question
    return padded


def _refuse(table: str, message: str) -> NoReturn:
    raise LeaningError(f"{table}: {message}", "table", table)
