"""What several tests use: a deck, a data set with known tastes, and the command line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leaning

ROOT = Path(__file__).resolve().parents[2]

DECK: dict[str, Any] = {
    "format": "leaning-deck/1",
    "id": "tea",
    "version": "1",
    "language": "en",
    "title": "Tea",
    "dimensions": [
        {"id": "warmth", "label": "Warmth", "low": "cool", "high": "warm"},
        {"id": "length", "label": "Length", "low": "brief", "high": "long"},
    ],
    "prompts": [
        {
            "id": f"p{prompt}",
            "text": f"Tea {prompt}?",
            "candidates": [
                {"id": "a", "text": "Yes.", "scores": [1.0 - 0.1 * prompt, 0.2]},
                {"id": "b", "text": "<b>No</b>.", "scores": [-0.8, 0.3 * prompt]},
            ],
        }
        for prompt in range(6)
    ],
}


@pytest.fixture
def deck() -> leaning.Deck:
    return leaning.Deck(DECK)


def make_tables(people: int = 30, answers: int = 12) -> tuple[dict[str, Any], dict[str, Any]]:
    """Choices of people whose weights for two features are N((1, 0), 1)."""
    random = np.random.default_rng(7)
    features = random.normal(size=(40, 2))
    prompts = [f"p{place // 4}" for place in range(40)]
    responses = {
        "id": [f"r{place}" for place in range(40)],
        "prompt": prompts,
        "price": features[:, 0],
        "size": features[:, 1],
    }
    comparisons: dict[str, Any] = {"user": [], "shown": [], "chose": [], "verdict": []}
    for person in range(people):
        weights = random.normal(size=2) + [1.0, 0.0]
        for _ in range(answers):
            prompt = 4 * random.integers(10)
            first, second = random.choice(4, size=2, replace=False) + prompt
            lead = (features[first] - features[second]) @ weights
            comparisons["user"].append(f"u{person}")
            comparisons["shown"].append([f"r{first}", f"r{second}"])
            if abs(lead) < 0.2:
                comparisons["chose"].append(None)
                comparisons["verdict"].append("tie")
            else:
                wins = random.random() < 1.0 / (1.0 + np.exp(-lead))
                comparisons["chose"].append(f"r{first if wins else second}")
                comparisons["verdict"].append(None)
    return responses, comparisons


@pytest.fixture(scope="session")
def tables() -> tuple[dict[str, Any], dict[str, Any]]:
    return make_tables()


@pytest.fixture(scope="session")
def fitted(tables: tuple[dict[str, Any], dict[str, Any]]) -> leaning.Fit:
    return leaning.fit(*tables, dimensions=2, progress=False)


@pytest.fixture(scope="session")
def command_line() -> Callable[..., Any]:
    """Runs ``leaning`` with some arguments, and gives its JSON."""
    program = os.environ.get("LEANING_CLI")
    if not program:
        pytest.skip("LEANING_CLI names no program")

    def run(*arguments: object) -> Any:
        line = [program, *map(str, arguments), "--json"]
        done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
