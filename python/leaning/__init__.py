"""Learns people's tastes from their choices.

| to | see |
|---|---|
| learn base rewards and a prior from many people's choices | :func:`fit`, :func:`evaluate` |
| fit to more people than one machine holds | :mod:`leaning.distributed` |
| interview one person, and rank for them | :class:`Interview`, :class:`Deck` |
| try a deck on simulated people | :func:`simulate` |
| measure style in texts | :func:`score_style` |
| fit preferences as scikit-learn does | :class:`LeaningRanker` |
| read the field's data sets | :mod:`leaning.readers` |
| hold methods against each other on people they have never seen | :mod:`leaning.benchmark` |
"""

from __future__ import annotations

from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

from . import distributed, readers
from .commands import Curve, Curves, Fit, evaluate, fit, simulate
from .deck import Deck, Dimension, Prompt
from .errors import LeaningError
from .interview import (
    DimensionEstimate,
    Interview,
    Profile,
    Question,
    Ranked,
    Reason,
    ShownCandidate,
    Status,
)
from .style import STYLE_FEATURES, score_style

if TYPE_CHECKING:
    from .ranker import LeaningRanker

__version__ = _version("leaning")

__all__ = [
    "STYLE_FEATURES",
    "Curve",
    "Curves",
    "Deck",
    "Dimension",
    "DimensionEstimate",
    "Fit",
    "Interview",
    "LeaningError",
    "LeaningRanker",
    "Profile",
    "Prompt",
    "Question",
    "Ranked",
    "Reason",
    "ShownCandidate",
    "Status",
    "distributed",
    "evaluate",
    "fit",
    "readers",
    "score_style",
    "simulate",
]


def __getattr__(name: str) -> Any:
    # It needs scikit-learn, which the rest does not.
    if name == "LeaningRanker":
        from .ranker import LeaningRanker

        return LeaningRanker
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
