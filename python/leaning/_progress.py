"""Progress of long calls: by tqdm where it is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeAlias

Progress: TypeAlias = "bool | Callable[[str, int, int], object]"
"""True for a bar by tqdm if that is installed, false for nothing, or a function that is called with
what is done, the steps done and their number at most."""


class Bars:
    """The bars of one call, one after the other."""

    def __init__(self, progress: Progress) -> None:
        self._bar: Any = None
        self._key: tuple[str, int] | None = None
        self.report: Callable[[str, int, int], object] | None
        if callable(progress):
            self.report = progress
        else:
            self._tqdm: Any = _tqdm() if progress else None
            self.report = None if self._tqdm is None else self._show

    def _show(self, message: str, done: int, total: int) -> None:
        # The purpose comes first in a message, then what changes with each step.
        purpose = message.split(", loss", 1)[0] or "fit"
        bar = self._bar
        if bar is None or self._key != (purpose, total) or done < bar.n:
            self._close()
            # None hides a bar of text where nobody would see it move.
            bar = self._tqdm(total=total, desc=purpose, leave=False, disable=None)
            self._bar, self._key = bar, (purpose, total)
        bar.update(done - bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()


def _tqdm() -> Any:
    try:
        # The one for notebooks only in a notebook: it needs their widgets.
        if "ipykernel" in sys.modules:
            from tqdm.auto import tqdm
        else:
            from tqdm import tqdm
    except ImportError:
        return None
    return tqdm
