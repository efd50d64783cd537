"""Fits to people in partitions that are interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from conftest import make_tables
from leaning import LeaningError, distributed
from leaning._engines import InProcess
from leaning._rounds import Rounds
from leaning.distributed import Dataset

SETTINGS: dict[str, Any] = {"sample": 100, "dimensions": 2, "progress": False}
PATIENCE = 120
"""Seconds for what usually takes less than one."""

INTERRUPTED = 3
"""The exit code of the program below after Ctrl-C."""

PROGRAM = f"""
import sys, time
from leaning import distributed
from leaning._engines import InProcess

ask = InProcess.ask

def slowly(self, request):
    time.sleep(0.1)
    return ask(self, request)

InProcess.ask = slowly
responses, comparisons, checkpoint = sys.argv[1:]
dataset = distributed.Dataset(responses, [comparisons])
try:
    distributed.fit(dataset, checkpoint=checkpoint, **{SETTINGS!r})
except KeyboardInterrupt:
    sys.exit({INTERRUPTED})
"""


def test_a_round_that_is_interrupted_is_not_kept(tmp_path: Path) -> None:
    asked, go_on = Event(), Event()

    def ask(request: bytes) -> list[bytes]:
        asked.set()
        assert go_on.wait(PATIENCE)
        return [b"the sums of too few"]

    rounds = Rounds(ask, b"data", tmp_path)
    with ThreadPoolExecutor(1) as pool:
        round = pool.submit(rounds, b"request")
        assert asked.wait(PATIENCE)
        rounds.stop()
        go_on.set()
        with pytest.raises(LeaningError, match="interrupted"):
            round.result(PATIENCE)
    assert not list(tmp_path.iterdir())
    with pytest.raises(LeaningError, match="interrupted"):
        rounds(b"request")


def test_partitions_that_are_let_go_while_they_are_asked_all_answer() -> None:
    engine = InProcess()

    class Partition:
        def step(self, request: bytes) -> bytes:
            engine.close()
            return request

    engine._partitions = [Partition(), Partition(), Partition()]  # type: ignore[list-item]
    assert engine.ask(b"sum") == [b"sum"] * 3
    assert engine.ask(b"sum") == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_fit_goes_on_from_where_ctrl_c_stopped_it(tmp_path: Path) -> None:
    responses, comparisons = map(pa.table, make_tables(450, 8))
    paths = tmp_path / "responses.parquet", tmp_path / "comparisons.parquet"
    parquet.write_table(responses, paths[0])
    parquet.write_table(comparisons, paths[1])
    checkpoint = tmp_path / "checkpoint"
    arguments = [sys.executable, "-c", PROGRAM, *map(str, paths), str(checkpoint)]
    with subprocess.Popen(arguments) as program:
        waited_since = time.monotonic()
        while not (checkpoint / "round-00003").exists():
            assert program.poll() is None, "the fit ended before it could be interrupted"
            assert time.monotonic() - waited_since < PATIENCE
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        assert program.wait(PATIENCE) == INTERRUPTED
    kept = {path.name for path in checkpoint.iterdir()}
    assert all(name.startswith("round-") for name in kept)
    dataset = Dataset(*paths)
    expected = distributed.fit(dataset, **SETTINGS)
    gone_on = distributed.fit(dataset, checkpoint=checkpoint, **SETTINGS)
    assert gone_on.deck.to_json() == expected.deck.to_json()
    assert len(list(checkpoint.iterdir())) > len(kept)
