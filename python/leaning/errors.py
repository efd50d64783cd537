"""The error of this package."""

from __future__ import annotations


class LeaningError(ValueError):
    """Every error of this package. The call that failed has changed nothing.

    The codes are those of the JavaScript package, and ``table`` for a table that cannot be read.

    Attributes:
        code: A short name that programs can rely on: ``answer``, ``candidates``, ``deck``,
            ``deck-mismatch``, ``internal``, ``json``, ``log``, ``model``, ``not-converged``,
            ``options`` or ``table``.
        path: The place of the flaw, such as ``prompts[3].candidates[1].scores``, the name of an
            argument, or the name of a table. ``None`` if there is no place.
    """

    code: str
    path: str | None

    def __init__(self, message: str, code: str, path: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.path = path

    def __reduce__(self) -> tuple[type[LeaningError], tuple[str, str, str | None]]:
        return (type(self), (str(self), self.code, self.path))
