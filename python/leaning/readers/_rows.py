"""Rows of tables and files as mappings, without a library for data frames."""

from __future__ import annotations

import csv
import gzip
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NoReturn, TypeAlias

from ..errors import LeaningError

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = "str | os.PathLike[str] | Iterable[Row] | Any"
"""The path of a file (JSON Lines, JSON or CSV, perhaps with ``.gz``; Parquet if PyArrow is
installed), anything that iterates over mappings (a list of dicts, a data set of ``datasets``), or
a data frame of pandas, Polars or PyArrow."""

# Cells of a CSV file may hold whole conversations.
csv.field_size_limit(1 << 30)


def rows_of(source: Rows, name: str) -> Iterator[Row]:
    """The rows of a source, one at a time.

    Raises:
        LeaningError: Of the code ``table`` with the name of the source and the line.
    """
    frame: Any = source
    if isinstance(source, (str, os.PathLike)):
        yield from _of_file(Path(source))
    elif hasattr(source, "to_pylist"):
        yield from frame.to_pylist()
    elif hasattr(source, "iter_rows"):
        yield from frame.iter_rows(named=True)
    elif hasattr(source, "to_dict") and hasattr(source, "columns"):
        yield from frame.to_dict("records")
    else:
        for place, row in enumerate(source):
            if not isinstance(row, Mapping):
                _refuse(name, f"row {place}: expected a mapping, found {type(row).__name__}")
            yield row


def _of_file(path: Path) -> Iterator[Row]:
    names = path.name.removesuffix(".gz")
    if names.endswith(".parquet"):
        try:
            from pyarrow import parquet
        except ImportError:
            _refuse(str(path), "a Parquet file needs the package pyarrow")
        for batch in parquet.ParquetFile(path).iter_batches():
            yield from batch.to_pylist()
        return
    with _open(path) as file:
        if names.endswith((".csv", ".tsv")):
            yield from csv.DictReader(file, delimiter="\t" if names.endswith(".tsv") else ",")
        elif _begins_a_list(file):
            try:
                rows = json.load(file)
            except ValueError as error:
                _refuse(str(path), f"not JSON: {error}")
            yield from rows
        else:
            yield from _of_lines(file, str(path))


def _begins_a_list(file: IO[str]) -> bool:
    """Whether a file is a list and no object a line, whatever its name says."""
    first = file.read(1)
    while first.isspace():
        first = file.read(1)
    file.seek(0)
    return first == "["


def _of_lines(file: IO[str], name: str) -> Iterator[Row]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            _refuse(name, f"line {number}: not JSON: {error}")
        if not isinstance(row, dict):
            _refuse(name, f"line {number}: expected an object")
        yield row


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return open(path, encoding="utf-8-sig", newline="")


def _refuse(name: str, message: str) -> NoReturn:
    raise LeaningError(f"{name}: {message}", "table", name)


def text_of(value: object) -> str | None:
    """A text that is not empty, or the whole of a chat: its turns' contents, with blank lines."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, Mapping):
        return text_of(value.get("content"))
    if isinstance(value, Iterable):
        texts = [text for turn in value if (text := text_of(turn)) is not None]
        return "\n\n".join(texts) or None
    return None


def is_missing(value: object) -> bool:
    """Whether a cell has nothing in it, as data frames write that."""
    is_nan = isinstance(value, float) and math.isnan(value)
    return value is None or is_nan or type(value).__name__ in ("NAType", "NaTType")


def name_of(value: object) -> str | None:
    """An id as a text, without the characters that separate ids here."""
    if is_missing(value) or isinstance(value, bool):
        return None
    # Data frames turn whole numbers into floats where some are missing.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text.replace("|", "_").replace("/", "_") or None


def number_of(value: object) -> float | None:
    """A finite number, also as a text; ``None`` for anything else."""
    if isinstance(value, bool) or is_missing(value):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < float("inf") else None


def is_true(value: object) -> bool:
    """Whether a mark is set: true, 1, or such a text."""
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "1.0", "yes", "y")
    return not is_missing(value) and bool(value)
