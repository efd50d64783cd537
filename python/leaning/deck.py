"""Decks: what people are asked about."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _html, _leaning
from ._matrix import mappings, matrix
from .errors import LeaningError


@dataclass(frozen=True)
class Dimension:
    """One base reward, with a name for each end."""

    id: str
    label: str
    low: str
    high: str
    description: str | None


@dataclass(frozen=True, eq=False)
class Prompt:
    """A prompt, and its candidates.

    Attributes:
        id: Unique in the deck.
        text: What it asks, if the deck has it.
        candidates: The ids of its n candidates.
        texts: Their texts.
        scores: Their scores, n × d.
    """

    id: str
    text: str | None
    candidates: list[str]
    texts: list[str | None]
    scores: NDArray[np.float64]


class Deck:
    """A deck of the format ``leaning-deck/1``, valid by construction.

    Args:
        fields: The fields of a deck as they stand in its file.

    Raises:
        LeaningError: Of the code ``deck``, with the place of the flaw.
    """

    _native: _leaning.Deck
    _fields: dict[str, Any]

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._take(_leaning.Deck.from_object(dict(fields)))

    def _take(self, native: _leaning.Deck) -> None:
        self._native = native
        self._fields = native.to_object()

    @classmethod
    def _of(cls, native: _leaning.Deck) -> Deck:
        deck = cls.__new__(cls)
        deck._take(native)
        return deck

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Deck:
        """Reads a file, JSON or safetensors.

        Raises:
            LeaningError: Of the code ``json`` or ``deck``.
            OSError: If the file cannot be read.
        """
        return cls._of(_leaning.Deck.from_bytes(Path(path).read_bytes()))

    @classmethod
    def from_json(cls, text: str) -> Deck:
        """Reads JSON text.

        Raises:
            LeaningError: Of the code ``json`` or ``deck``.
        """
        return cls._of(_leaning.Deck.from_bytes(text.encode()))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a file, as safetensors if its name ends so, else as JSON."""
        path = Path(path)
        if path.suffix == ".safetensors":
            content = self._native.to_safetensors()
        else:
            content = (self.to_json() + "\n").encode()
        # The file is whole at any time.
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            draft.write_bytes(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def to_dict(self) -> dict[str, Any]:
        """All fields, unknown ones included. Changes of it change no deck."""
        return self._native.to_object()

    def to_json(self) -> str:
        """All fields as one line of JSON, whose numbers read back as the same doubles."""
        return self._native.to_json()

    @property
    def id(self) -> str:
        """Names the deck; answers are about it."""
        return str(self._fields["id"])

    @property
    def version(self) -> str:
        """The version of its texts."""
        return str(self._fields["version"])

    @property
    def title(self) -> str | None:
        """A heading for people."""
        return _text(self._fields.get("title"))

    @property
    def language(self) -> str | None:
        """The BCP 47 tag of the language of its texts."""
        return _text(self._fields.get("language"))

    @property
    def dimensions(self) -> list[Dimension]:
        """Its d base rewards."""
        return [
            Dimension(
                id=of["id"],
                label=of.get("label") or of["id"],
                low=of.get("low") or "",
                high=of.get("high") or "",
                description=_text(of.get("description")),
            )
            for of in self._fields["dimensions"]
        ]

    @property
    def prompts(self) -> list[Prompt]:
        """Its prompts, each with the scores of its candidates."""
        return [
            Prompt(
                id=prompt["id"],
                text=_text(prompt.get("text")),
                candidates=[candidate["id"] for candidate in prompt["candidates"]],
                texts=[_text(candidate.get("text")) for candidate in prompt["candidates"]],
                scores=self._native.scores(place),
            )
            for place, prompt in enumerate(self._fields["prompts"])
        ]

    @property
    def prior_mean(self) -> NDArray[np.float64]:
        """The mean of the weights over people, d numbers."""
        return self._native.prior()[0]

    @property
    def prior_covariance(self) -> NDArray[np.float64]:
        """The covariance of the weights over people, d × d."""
        return self._native.prior()[1]

    @property
    def features(self) -> list[str]:
        """The names of the features that the deck's ``basis`` makes scores of; none without one."""
        basis = self._fields.get("basis") or {}
        return list(basis.get("features", []))

    def score(self, features: ArrayLike | Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """The scores of responses by the deck's ``basis``, on the deck's scale.

        Args:
            features: n × f numbers in the order of :attr:`features`, or n mappings with their
                names.

        Returns:
            n × d scores, for :meth:`leaning.Interview.rank` and others.

        Raises:
            LeaningError: Of the code ``deck`` without a basis, ``candidates`` for features that
                do not fit it.
        """
        named = mappings(features)
        if named is None:
            return self._native.score(matrix(features))
        rows = [self._row(place, row) for place, row in enumerate(named)]
        return self._native.score(matrix(rows) if rows else np.empty((0, len(self.features))))

    def _row(self, place: int, row: Mapping[str, float]) -> list[float]:
        missing = next((name for name in self.features if name not in row), None)
        if missing is not None:
            path = f"[{place}].{missing}"
            raise LeaningError(f"candidates: {path}: missing", "candidates", path)
        return [float(row[name]) for name in self.features]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Deck) and self._fields == other._fields

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (Deck.from_json, (self.to_json(),))

    def __repr__(self) -> str:
        counts = _counts(self._fields)
        dimensions = ", ".join(of.id for of in self.dimensions)
        return f"Deck({self.id!r}, dimensions=[{dimensions}], {counts})"

    def _repr_html_(self) -> str:
        mean, sd = self.prior_mean, np.sqrt(np.diag(self.prior_covariance))
        limit = float(np.max(np.abs(mean) + 2.5 * sd))
        rows = [
            [
                of.label,
                of.low,
                of.high,
                f"{mean[j]:.2f} ± {sd[j]:.2f}",
                _html.axis(mean[j] - sd[j], mean[j], mean[j] + sd[j], limit),
            ]
            for j, of in enumerate(self.dimensions)
        ]
        title = self.title or self.id
        return _html.heading(title, _counts(self._fields)) + _html.table(
            ["dimension", "low", "high", "people's weights", ""], rows
        )


def _counts(fields: Mapping[str, Any]) -> str:
    prompts = fields["prompts"]
    candidates = sum(len(prompt["candidates"]) for prompt in prompts)
    return f"{len(prompts)} prompts, {candidates} candidates"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
