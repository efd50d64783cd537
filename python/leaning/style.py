"""Style measured in texts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from . import _leaning

STYLE_FEATURES: tuple[str, ...] = tuple(_leaning.style_features())
"""The names of the style features, in the order of the columns of :func:`score_style`."""


def score_style(texts: Iterable[str], *, language: str = "en") -> NDArray[np.float64]:
    """The style of each text, with the same bits as in a browser.

    Args:
        texts: n texts.
        language: The BCP 47 tag of their language.

    Returns:
        n × 22 numbers, a column for each of :data:`STYLE_FEATURES`.

    Raises:
        LeaningError: Of the code ``options`` for a language that it does not know.
    """
    return _leaning.score_style(list(texts), language)
