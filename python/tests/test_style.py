"""Style scores."""

from __future__ import annotations

import json

import numpy as np
import pytest

import leaning
from conftest import ROOT


def test_style_has_the_bits_on_record() -> None:
    texts = json.loads((ROOT / "tests/style/texts.json").read_text())
    plain = [text if isinstance(text, str) else text["repeat"] * text["times"] for text in texts]
    scores = leaning.score_style(plain)
    assert scores.shape == (len(plain), len(leaning.STYLE_FEATURES))
    expected = (ROOT / "tests/style/bits.txt").read_text().splitlines()
    found = [" ".join(f"{bits:016x}" for bits in row) for row in scores.view(np.uint64).tolist()]
    assert found == expected


def test_no_texts_have_no_scores_and_unknown_languages_are_refused() -> None:
    assert leaning.score_style([]).shape == (0, len(leaning.STYLE_FEATURES))
    with pytest.raises(leaning.LeaningError) as caught:
        leaning.score_style(["Hallo."], language="tlh")
    assert (caught.value.code, caught.value.path) == ("options", "language")
