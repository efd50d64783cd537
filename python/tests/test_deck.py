"""Decks: reading, writing, scores, and how they show themselves."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leaning
from conftest import DECK, ROOT


def test_a_deck_tells_its_dimensions_and_prompts(deck: leaning.Deck) -> None:
    assert (deck.id, deck.version, deck.language, deck.title) == (
        "tea",
        "1",
        "en",
        "Tea",
    )
    assert [of.id for of in deck.dimensions] == ["warmth", "length"]
    prompt = deck.prompts[1]
    assert (prompt.id, prompt.text, prompt.candidates) == ("p1", "Tea 1?", ["a", "b"])
    np.testing.assert_array_equal(prompt.scores, [[0.9, 0.2], [-0.8, 0.3]])
    assert deck.prior_mean.shape == (2,) and deck.prior_covariance.shape == (2, 2)


@pytest.mark.parametrize("name", ["deck.json", "deck.safetensors"])
def test_a_saved_deck_is_read_again(deck: leaning.Deck, tmp_path: Path, name: str) -> None:
    deck.save(tmp_path / name)
    assert leaning.Deck.load(tmp_path / name) == deck
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_decks_can_be_pickled_and_unknown_fields_stay() -> None:
    deck = leaning.Deck({**DECK, "mine": {"x": 1.5}})
    again = pickle.loads(pickle.dumps(deck))
    assert again == deck and again.to_dict()["mine"] == {"x": 1.5}


def test_a_flaw_has_the_code_and_the_path_that_it_has_in_javascript() -> None:
    broken: dict[str, Any] = {
        **DECK,
        "prompts": [{"id": "p", "candidates": [{"id": "a"}]}],
    }
    with pytest.raises(leaning.LeaningError) as caught:
        leaning.Deck(broken)
    assert caught.value.code == "deck"
    assert caught.value.path == "prompts[0].candidates[0].scores"
    with pytest.raises(leaning.LeaningError, match="JSON") as caught:
        leaning.Deck.from_json("{")
    assert caught.value.code == "json" and caught.value.path is None
    assert pickle.loads(pickle.dumps(caught.value)).code == "json"


def test_scores_by_a_basis_are_those_on_record() -> None:
    deck = leaning.Deck.load(ROOT / "tests/basis/fitted.json")
    rows = np.array([[1.0] * len(deck.features), [2.0] * len(deck.features)])
    scores = deck.score(rows)
    assert scores.shape == (2, len(deck.dimensions))
    named = [dict(zip(deck.features, row, strict=True)) for row in rows.tolist()]
    np.testing.assert_array_equal(deck.score(named), scores)
    assert deck.score([]).shape == (0, len(deck.dimensions))
    with pytest.raises(leaning.LeaningError, match=r"expected .* features, found 1"):
        deck.score([[1.0]])
    with pytest.raises(leaning.LeaningError, match=r"\[0\]\.\S+: missing"):
        deck.score([{}])


def test_a_deck_shows_itself_in_a_notebook(deck: leaning.Deck) -> None:
    assert repr(deck) == "Deck('tea', dimensions=[warmth, length], 6 prompts, 12 candidates)"
    html = deck._repr_html_()
    assert "<b>Tea</b>" in html and "warm" in html
    evil = leaning.Deck({**DECK, "title": "<script>"})
    assert "<script>" not in evil._repr_html_()
