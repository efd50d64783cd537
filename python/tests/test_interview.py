"""Interviews."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

import leaning
from leaning import Interview, LeaningError


def test_somebody_who_takes_the_warmer_one_is_found_to_like_warmth(
    deck: leaning.Deck,
) -> None:
    interview = Interview(deck, seed=1)
    while question := interview.next():
        warmth = [candidate.scores[0] for candidate in question.candidates]
        interview.answer(int(np.argmax(warmth)))
    warmth = interview.profile()["warmth"]
    assert warmth.mean > 0 and warmth.direction == "high" and warmth.label == "Warmth"
    assert warmth.probability_of_direction > 0.8
    assert interview.status().answered == 6
    assert interview.mean[0] == warmth.mean


def test_a_question_has_texts_and_stays_until_it_is_answered(
    deck: leaning.Deck,
) -> None:
    interview = Interview(deck, seed=1)
    question = interview.next()
    assert question is not None and question == interview.next()
    assert question.text is not None and question.text.startswith("Tea")
    assert {candidate.text for candidate in question.candidates} == {
        "Yes.",
        "<b>No</b>.",
    }
    assert question.kind == "choice" and "tie" in question.offered


def test_undo_asks_the_same_question_again(deck: leaning.Deck) -> None:
    interview = Interview(deck, seed=1)
    assert not interview.undo()
    question = interview.next()
    interview.answer("tie")
    assert interview.undo()
    again = interview.next()
    assert question is not None and again is not None
    assert again.candidates == question.candidates
    assert interview.status().answered == 0


def test_a_log_goes_on_elsewhere(deck: leaning.Deck) -> None:
    interview = Interview(deck, seed=1, questions=3)
    while interview.next():
        interview.answer(0)
    by_text = Interview(deck, log=interview.log_json())
    by_fields = Interview(deck, log=interview.log())
    merged = Interview(deck)
    merged.import_log(interview.log_json())
    merged.import_log(interview.log())
    for other in (by_text, by_fields, merged):
        assert other.status().answered == 3
        np.testing.assert_array_equal(other.mean, interview.mean)
    assert json.loads(interview.log_json()) == interview.log()


def test_candidates_are_ranked_from_arrays_and_from_mappings(
    deck: leaning.Deck,
) -> None:
    interview = Interview(deck)
    interview.set_weight("warmth", 2.0)
    scores = np.array([[-1.0, 0.0], [1.0, 0.0]], dtype=np.float32)
    ranked = interview.rank(scores)
    assert [of.index for of in ranked] == [1, 0]
    assert ranked[0].reasons[0].dimension == "warmth"
    named = [{"id": "cool", "scores": scores[0]}, {"id": "warm", "scores": [1.0, 0.0]}]
    by_name = interview.rank(named, temperature=1.0)
    assert [of.id for of in by_name] == ["warm", "cool"]
    assert sum(of.softmax_probability or 0.0 for of in by_name) == pytest.approx(1.0)
    assert by_name[0].reward == ranked[0].reward


def test_comparisons_of_drafts_are_learned_from(deck: leaning.Deck) -> None:
    interview = Interview(deck)
    drafts = [
        {"id": "cool", "scores": [-1.0, 0.0]},
        {"id": "warm", "scores": [1.0, 0.5]},
    ]
    question = interview.compare(drafts)
    assert question is not None and question.prompt is None
    interview.observe([drafts[one.index] for one in question.candidates], 0)
    assert interview.status().observed == 1
    assert interview.retract(interview.log()["answers"][0]["id"])
    assert not interview.retract("nobody")


@pytest.mark.parametrize(
    ("call", "code", "path"),
    [
        (lambda interview: interview.answer(0), "answer", None),
        (lambda interview: interview.rank([[1.0]]), "candidates", "[0].scores"),
        (lambda interview: interview.rank([1.0]), "candidates", None),
        (lambda interview: interview.rank([[1.0, 2.0], [1.0]]), "candidates", None),
        (lambda interview: interview.rank([{"id": "a"}]), "candidates", "[0].scores"),
        (
            lambda interview: interview.rank([[0.0, 1.0]], at_least=2.0),
            "options",
            "atLeast",
        ),
        (lambda interview: interview.observe([[0.0, 1.0]], 0), "candidates", None),
        (lambda interview: interview.set_weight("salt", 1.0), "answer", None),
        (lambda interview: interview.import_log("[]"), "log", None),
        (lambda interview: interview.answer(-1), "answer", "chose"),
        (lambda interview: interview.answer(order=[0, 0]), "answer", "order"),
        (lambda interview: interview.answer(0, rating=1), "answer", None),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    deck: leaning.Deck, call: object, code: str, path: str | None
) -> None:
    interview = Interview(deck)
    before = interview.log()
    with pytest.raises(LeaningError) as caught:
        call(interview)  # type: ignore[operator]
    assert caught.value.code == code
    assert path is None or caught.value.path == path
    assert "\n" not in str(caught.value)
    assert interview.log() == before


def test_options_and_logs_of_other_decks_are_refused(deck: leaning.Deck) -> None:
    with pytest.raises(LeaningError) as caught:
        Interview(deck, strategy="best")
    assert (caught.value.code, caught.value.path) == ("options", "strategy")
    other = leaning.Deck({**deck.to_dict(), "id": "coffee"})
    with pytest.raises(LeaningError) as caught:
        Interview(other, log=Interview(deck).log())
    assert caught.value.code == "deck-mismatch"


def test_every_kind_of_answer_is_taken(deck: leaning.Deck) -> None:
    fields = deck.to_dict()
    four = [{"id": id, "scores": [float(place), -0.5 * place]} for place, id in enumerate("abcd")]

    def ask(shown: int | None = 4, **answers: object) -> Interview:
        prompts = [{"id": "p", "candidates": four}]
        kinds = {**fields, "prompts": prompts, "answers": answers}
        interview = Interview(leaning.Deck(kinds), candidates_per_question=shown, seed=1)
        assert interview.next() is not None
        return interview

    interview = ask(None, kind="rating", ratings=5)
    interview.answer(rating=4)
    assert interview.log()["answers"][0]["rating"] == 4
    interview = ask(kind="best-worst")
    interview.answer(best=0, worst=2)
    interview = ask(kind="order")
    question = interview.next()
    assert question is not None
    interview.answer(order=[3, 0, 2, 1])
    names = [question.candidates[place].name for place in (3, 0, 2, 1)]
    assert interview.log()["answers"][0]["order"] == names


def test_threads_take_turns(deck: leaning.Deck) -> None:
    interview = Interview(deck)
    threads = [
        threading.Thread(target=lambda: [interview.rank([[0.0, 1.0], [1.0, 0.0]]) for _ in "abc"])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_profile_shows_itself_in_a_notebook(deck: leaning.Deck) -> None:
    interview = Interview(deck)
    interview.next()
    interview.answer(0)
    html = interview._repr_html_()
    assert "after 1 answers" in html and "<svg" in html and "Warmth" in html
    assert repr(interview) == "Interview('tea', 1 answers)"
    assert repr(interview.profile()).startswith("Profile(warmth=")
