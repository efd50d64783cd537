"""The rounds of a fit: a request to all partitions, and their sums, kept in a folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from .errors import LeaningError

_SIZE = hashlib.sha256().digest_size


class Rounds:
    """Asks partitions, and keeps what they said in a folder, a file for each round.

    The driver of a fit asks the same again if it is told the same. A fit that goes on from a folder
    therefore needs no other state than the sums of its rounds.

    Args:
        ask: Sends a request to every partition, and returns their sums in the order of partitions.
        data: What tells this data set from any other.
        folder: Where to keep the rounds, or ``None``.
    """

    def __init__(
        self, ask: Callable[[bytes], Sequence[bytes]], data: bytes, folder: Path | None
    ) -> None:
        self._ask = ask
        self._data = data
        self._folder = folder
        self._count = 0
        self._keeping = threading.Lock()
        self._stopped = False

    def __call__(self, request: bytes) -> bytes:
        """The sums of all partitions, one after the other.

        Raises:
            LeaningError: Of the code ``internal`` after :meth:`stop`.
        """
        self._go_on()
        self._count += 1
        if self._folder is None:
            return b"".join(self._ask(request))
        path = self._folder / f"round-{self._count:05}"
        key = hashlib.sha256(self._data + request).digest()
        try:
            kept = path.read_bytes()
        except FileNotFoundError:
            sums = b"".join(self._ask(request))
            with self._keeping:
                # Partitions may have been let go while they were asked.
                self._go_on()
                _write(path, key + hashlib.sha256(sums).digest() + sums)
            return sums
        except OSError as error:
            raise _flaw(path, error.strerror or "cannot be read") from None
        sums = kept[2 * _SIZE :]
        if kept[_SIZE : 2 * _SIZE] != hashlib.sha256(sums).digest():
            raise _flaw(path, "damaged: remove it, and those after it")
        if kept[:_SIZE] != key:
            message = (
                "of another fit, data set or version: expected a folder of its own for each fit"
            )
            raise _flaw(path, message)
        return sums

    def stop(self) -> None:
        """Asks and keeps nothing from now on. An interrupted fit may still run for a while."""
        with self._keeping:
            self._stopped = True

    def _go_on(self) -> None:
        if self._stopped:
            raise LeaningError("internal: the fit was interrupted", "internal", "")


def folder_of(checkpoint: str | os.PathLike[str] | None) -> Path | None:
    """The folder, made if it is not there.

    Raises:
        LeaningError: Of the code ``options`` if it cannot be made.
    """
    if checkpoint is None:
        return None
    folder = Path(checkpoint)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _flaw(folder, error.strerror or "cannot be made") from None
    return folder


def _write(path: Path, content: bytes) -> None:
    """Writes a file completely or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".leaning-", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise _flaw(path, error.strerror or "cannot be written") from None


def _flaw(path: Path, message: str) -> LeaningError:
    return LeaningError(f"options: checkpoint: {path}: {message}", "options", "checkpoint")
