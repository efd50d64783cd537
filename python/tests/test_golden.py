"""The same log gives the same bits as natively, on the command line and in browsers."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leaning
from conftest import ROOT

CASES = json.loads((ROOT / "tests/golden/laplace.json").read_text())["cases"]
BITS = (ROOT / "tests/golden/bits.txt").read_text().splitlines()


def fnv1a(numbers: Iterable[float]) -> int:
    state = 0xCBF29CE484222325
    for number in numbers:
        for byte in struct.pack("<d", number):
            state = ((state ^ byte) * 0x100000001B3) % (1 << 64)
    return state


def test_approximations_and_samples_have_the_bits_that_browsers_are_held_to() -> None:
    lines = []
    for case in CASES:
        interview = leaning.Interview(leaning.Deck(case["deck"]), log=case["log"])
        mean, covariance = interview.mean, interview.covariance
        samples, probabilities = interview.samples(20, seed=1)
        bits = [
            struct.unpack("<Q", struct.pack("<d", mean[0]))[0],
            fnv1a([*mean, *covariance.ravel(order="F")]),
            fnv1a([*samples.ravel(order="F"), *probabilities]),
        ]
        lines.append(" ".join([case["name"], *(f"{number:016x}" for number in bits)]))
    assert lines == BITS


def test_the_command_line_infers_the_same_numbers(
    command_line: Callable[..., Any], tmp_path: Path
) -> None:
    for case in CASES[::10]:
        (tmp_path / "deck.json").write_text(json.dumps(case["deck"]))
        (tmp_path / "log.json").write_text(json.dumps(case["log"]))
        files = ["--deck", tmp_path / "deck.json", "--answers", tmp_path / "log.json"]
        inferred = command_line("infer", *files)
        interview = leaning.Interview(leaning.Deck(case["deck"]), log=case["log"])
        assert inferred["mean"] == interview.mean.tolist()
        assert inferred["covariance"] == interview.covariance.tolist()


def test_the_browsers_package_goes_on_with_a_fit_and_a_log(
    fitted: leaning.Fit, tmp_path: Path
) -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "pkg/index.js").is_file():
        pytest.skip("there is no Node.js, or pkg/ is not built")
    interview = leaning.Interview(fitted.deck, seed=3, questions=5)
    while interview.next():
        interview.answer(0)
    candidates = np.array([[0.3, -1.2], [-0.8, 0.4], [1.1, 0.2]])
    expected = {
        "mean": interview.mean.tolist(),
        "covariance": interview.covariance.tolist(),
        "intervals": [list(of.interval) for of in interview.profile()],
        "ranking": [
            [of.index, of.reward, of.sd, of.probability_best] for of in interview.rank(candidates)
        ],
    }
    given = {
        "deck": fitted.deck.to_dict(),
        "log": interview.log_json(),
        "candidates": [{"scores": row} for row in candidates.tolist()],
    }
    (tmp_path / "given.json").write_text(json.dumps(given))
    script = Path(__file__).with_name("browser.mjs")
    line = [node, str(script), str(tmp_path / "given.json")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == expected
