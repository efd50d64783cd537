"""Rows of numbers as callers hand them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import LeaningError


def mappings(rows: object) -> list[Mapping[str, Any]] | None:
    """The rows if they are a sequence of mappings; ``None`` for anything else."""
    if not isinstance(rows, Sequence):
        return None
    found = [row for row in rows if isinstance(row, Mapping)]
    return found if len(found) == len(rows) else None


def matrix(rows: Any) -> NDArray[np.float64]:
    """Rows of numbers as an array.

    Raises:
        LeaningError: Of the code ``candidates`` if they are not.
    """
    try:
        array = np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = f"candidates: expected rows of numbers of one length: {error}"
        raise LeaningError(message, "candidates") from None
    if array.ndim != 2:
        message = f"candidates: expected an array of two axes, found {array.ndim}"
        raise LeaningError(message, "candidates")
    return array
