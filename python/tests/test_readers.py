"""Readers of the field's data, on small files of the same shape."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

import leaning
from leaning import readers


def dropped(choices: readers.Choices) -> dict[str, int]:
    return {of.reason: of.count for of in choices.dropped}


def answers(choices: readers.Choices) -> list[tuple[Any, ...]]:
    """Each comparison in words: person, texts shown, text chosen or verdict."""
    texts = choices.responses.get("text") or choices.responses["id"]
    text = dict(zip(choices.responses["id"], texts, strict=True))
    of = choices.comparisons
    rows = zip(of["user"], of["shown"], of["chose"], of["verdict"], strict=True)
    return [
        (user, [text[id] for id in shown], verdict if chose is None else text[chose])
        for user, shown, chose, verdict in rows
    ]


def utterance(turn: str, place: int, chosen: bool, **change: Any) -> dict[str, Any]:
    return {
        "utterance_id": f"ut{turn}{place}",
        "interaction_id": f"int{turn}",
        "conversation_id": "c0",
        "user_id": "user7",
        "user_prompt": f"Question {turn}?",
        "model_response": f"Answer {turn}{place}",
        "model_name": "m",
        "score": 10 * place + 1,
        "if_chosen": chosen,
        **change,
    }


def test_prism_gives_choices_ratings_and_people(tmp_path: Path) -> None:
    rows = [
        *(utterance("0", place, place == 2) for place in range(4)),
        utterance("1", 0, True),
        utterance("1", 1, False),
        utterance("2", 0, True),
        utterance("2", 1, False, model_response=" "),
        utterance("3", 0, False),
        utterance("3", 1, False),
        utterance("4", 0, True, user_id=None),
    ]
    path = tmp_path / "utterances.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    survey = [
        {"user_id": "user7", "age": "25-34 years old"},
        {"user_id": "user8", "age": "?"},
    ]
    choices = readers.prism(utterances=path, survey=survey)
    assert answers(choices) == [
        ("user7", ["Answer 00", "Answer 01", "Answer 02", "Answer 03"], "Answer 02"),
        ("user7", ["Answer 10", "Answer 11"], "Answer 10"),
    ]
    assert choices.responses["id"][:2] == ["ut00", "ut01"]
    assert choices.prompts["text"] == ["Question 0?", "Question 1?"]
    assert choices.ratings["rating"] == [1, 11, 21, 31, 1, 11]
    assert choices.people == {"user": ["user7"], "age": ["25-34 years old"]}
    assert dropped(choices) == {
        "no interaction or no person is named": 1,
        "an answer without a text": 1,
        "a message with one answer": 1,
        "a message of which no or several answers were chosen": 1,
    }
    assert "score" not in choices.responses


def test_prisms_conversations_are_its_utterances() -> None:
    history = [
        {"turn": 0, "role": "user", "content": "Tea?"},
        {
            "turn": 0,
            "role": "model",
            "content": "Yes",
            "within_turn_id": 0,
            "if_chosen": True,
        },
        {
            "turn": 0,
            "role": "model",
            "content": "No",
            "within_turn_id": 1,
            "if_chosen": False,
        },
    ]
    rows = [{"conversation_id": "c1", "user_id": "user1", "conversation_history": history}]
    choices = readers.prism(conversations=rows)
    assert answers(choices) == [("user1", ["Yes", "No"], "Yes")]
    assert choices.responses["id"] == ["c1-0-0", "c1-0-1"]
    with pytest.raises(TypeError):
        readers.prism()


def battle(winner: str, a: str = "Yes", b: str = "No", **change: Any) -> dict[str, Any]:
    def chat(said: str) -> list[dict[str, str]]:
        return [
            {"role": "user", "content": "Tea?"},
            {"role": "assistant", "content": said},
        ]

    row = {"question_id": "q1", "judge": "arena_user_1", "winner": winner}
    return {**row, "conversation_a": chat(a), "conversation_b": chat(b), **change}


def test_arena_tells_a_tie_from_both_bad() -> None:
    rows = [
        battle("model_a"),
        battle("model_b"),
        battle("tie"),
        battle("tie (bothbad)"),
        battle("model_a", b="Yes"),
        battle("model_a", b=""),
        battle("?"),
        {
            "judge": "u",
            "prompt": "Sort!",
            "response_a": "[2, 1]",
            "response_b": '[{"a": 1}]',
            "winner": "model_a",
        },
    ]
    choices = readers.chatbot_arena(rows)
    shown = ["Yes", "No"]
    results = ["Yes", "No", "tie", "neither"]
    assert answers(choices) == [
        *(("arena_user_1", shown, result) for result in results),
        ("u", ["[2, 1]", '[{"a": 1}]'], "[2, 1]"),
    ]
    assert dropped(choices) == {
        "two of the responses are the same": 1,
        "a message or an answer without a text": 1,
        "a vote that is none of a, b, tie and both bad": 1,
    }


def test_arenas_table_of_55_thousand_votes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    pd.DataFrame(
        {
            "id": [1, 2],
            "prompt": [json.dumps(["Tea?", "Sure?"])] * 2,
            "response_a": [json.dumps(["Yes", "Yes!"])] * 2,
            "response_b": [json.dumps(["No", None])] * 2,
            "winner_model_a": [1, 0],
            "winner_model_b": [0, 0],
            "winner_tie": [0, 1],
        }
    ).to_csv(path, index=False)
    choices = readers.chatbot_arena(path)
    shown = ["Yes\n\nYes!", "No"]
    assert answers(choices) == [
        ("everybody", shown, shown[0]),
        ("everybody", shown, "tie"),
    ]
    assert choices.prompts["text"] == ["Tea?\n\nSure?"]


def test_personal_reward_bench_puts_the_chosen_one_on_either_side() -> None:
    turn = [{"role": "assistant", "content": "Yes"}]
    row = {
        "user_id": "u",
        "context": [{"role": "user", "content": "Tea?"}],
        "split": "train",
    }
    rows = [{**row, "chosen": turn, "rejected": "No"}] * 2 + [
        {**row, "user_id": None},
        row,
    ]
    choices = readers.personal_reward_bench(rows)
    assert answers(choices) == [
        ("u", ["Yes", "No"], "Yes"),
        ("u", ["No", "Yes"], "Yes"),
    ]
    assert sum(dropped(choices).values()) == 2


def test_community_alignment_reads_every_turn() -> None:
    def turn(name: str, preferred: str | None) -> dict[str, Any]:
        answers = {f"{name}_turn_response_{side}": f"{name} {side}" for side in "abcd"}
        prompt = {f"{name}_turn_prompt": f"{name}?"}
        return {**prompt, **answers, f"{name}_turn_preferred_response": preferred}

    row = {
        "conversation_id": 9,
        "annotator_id": "an1",
        "annotator_age": "30",
        "assigned_lang": "en",
    }
    rows = [
        {**row, **turn("first", "response_b"), **turn("second", None)},
        {**row, **turn("first", "response_d"), "annotator_id": "an2"},
        {**row, **turn("first", "response_a"), "assigned_lang": "fr"},
        {**row, **turn("first", "response_a"), "annotator_id": float("nan")},
    ]
    choices = readers.community_alignment(rows, language="en")
    shown = [f"first {side}" for side in "abcd"]
    assert answers(choices) == [("an1", shown, "first b"), ("an2", shown, "first d")]
    assert choices.people == {"user": ["an1", "an2"], "annotator_age": ["30", "30"]}
    # Both were asked the same.
    assert len(choices.prompts["id"]) == 1 and len(choices.responses["id"]) == 4
    assert dropped(choices)["a turn without a preferred answer"] == 1
    assert dropped(choices)["a conversation in another language"] == 1
    assert dropped(choices)["no person is named"] == 1


def test_helpsteer2_has_attributes_as_features_and_one_as_the_answer() -> None:
    def row(text: str, helpfulness: int | None, verbosity: int) -> dict[str, Any]:
        ratings = dict.fromkeys(["correctness", "coherence", "complexity"], 3)
        own = {"helpfulness": helpfulness, "verbosity": verbosity}
        return {"prompt": "Tea?", "response": text, **ratings, **own}

    choices = readers.helpsteer2([row("Yes", 4, 1), row("No", 2, 3), row("Hm", None, 0)])
    assert answers(choices) == [("everybody", ["Yes", "No"], "Yes")]
    assert choices.responses["verbosity"] == [1.0, 3.0]
    assert "helpfulness" not in choices.responses
    assert dropped(choices) == {"a response without all ratings": 1}
    by_verbosity = readers.helpsteer2([row("Yes", 4, 1), row("No", 2, 1)], answer="verbosity")
    assert answers(by_verbosity)[0][2] == "tie"
    with pytest.raises(ValueError, match="answer"):
        readers.helpsteer2([], answer="beauty")


def test_helpsteers_preferences_of_both_kinds_are_read() -> None:
    third = {
        "context": [{"role": "user", "content": "Tea?"}],
        "response1": "Yes",
        "response2": "No",
    }
    second = {"prompt": "Tea?", "response_1": "Yes", "response_2": "No"}
    rows = [
        {**third, "overall_preference": -3},
        {**third, "overall_preference": 0},
        {**second, "preference_strength": 1},
        {**second, "preference_strength": None},
    ]
    choices = readers.helpsteer_preferences(rows)
    assert [result for _, _, result in answers(choices)] == ["Yes", "tie", "No"]
    assert dropped(choices) == {"no preference": 1}


def test_ultrafeedback_takes_the_best_response() -> None:
    def completion(text: str, score: float, rating: str = "4") -> dict[str, Any]:
        aspects = ["helpfulness", "honesty", "instruction_following", "truthfulness"]
        annotations = {aspect: {"Rating": rating, "Rationale": "…"} for aspect in aspects}
        return {
            "model": "m",
            "response": text,
            "annotations": annotations,
            "overall_score": score,
        }

    rows = [
        {
            "instruction": "Tea?",
            "completions": [
                completion("Yes", 8.5),
                completion("No", 3.0),
                completion("Hm", 9.0, rating="N/A"),
            ],
        },
        {
            "instruction": "Why?",
            "completions": [completion(text, 5.0) for text in "abc"],
        },
    ]
    choices = readers.ultrafeedback(rows)
    assert answers(choices) == [("gpt-4", ["Yes", "No"], "Yes")]
    assert choices.responses["honesty"][:2] == [4.0, 4.0]
    assert dropped(choices)["several of more than two responses are the best"] == 1
    assert dropped(choices)["a response without all ratings"] == 1


def test_summaries_are_chosen_by_workers(tmp_path: Path) -> None:
    row = {
        "info": {"id": "t3_1", "post": "A long post.", "title": "T"},
        "summaries": [
            {"text": "Long.", "policy": "sup"},
            {"text": "A post.", "policy": "ref"},
        ],
        "choice": 1,
        "worker": "w1",
    }
    rows = [row, {**row, "choice": 0, "worker": "w2"}, {**row, "worker": None}]
    # The set has an object a line in files of this name.
    path = tmp_path / "batch3.json.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    choices = readers.summarize_from_feedback(path)
    shown = ["Long.", "A post."]
    assert answers(choices) == [("w1", shown, "A post."), ("w2", shown, "Long.")]
    assert choices.prompts == {"id": ["p1"], "text": ["A long post."]}
    assert dropped(choices) == {"no person is named": 1}


def maxdiff_rows() -> list[dict[str, Any]]:
    items = ["price", "taste", "looks", "name"]
    return [
        {
            "respondent": 1,
            "task": task,
            "item": item,
            "best": item == "taste",
            "worst": item == least,
        }
        for task, least in [(1, "name"), (2, "looks")]
        for item in items
    ]


def test_maxdiff_gives_the_best_of_each_task_and_counts_the_worst() -> None:
    choices = readers.maxdiff(maxdiff_rows())
    items = ["price", "taste", "looks", "name"]
    assert answers(choices) == [("1", items, "taste")] * 2
    assert sum(dropped(choices).values()) == 2
    pairs = readers.maxdiff(maxdiff_rows(), use_worst="pairs")
    assert answers(pairs)[1:3] == [
        ("1", ["price", "name"], "price"),
        ("1", ["looks", "name"], "looks"),
    ]
    with pytest.raises(leaning.LeaningError, match="expected a column item"):
        readers.maxdiff([{"respondent": 1, "task": 1}])


def test_conjoint_codes_levels_and_none(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "resp.id": [1, 1, 1, 1, 1, 1, 2, 2, 2],
            "ques": [1, 1, 1, 2, 2, 2, 1, 1, 1],
            "alt": [1, 2, 3] * 3,
            "fuel": ["gas", "hybrid", None] * 3,
            "price": [30, 35, None, 30, 40, None, 30, 35, None],
            "choice": [0, 1, 0, 0, 0, 1, 0, 0, 0],
        }
    )
    path = tmp_path / "cbc.csv"
    table.to_csv(path, index=False)
    for source in (path, table):
        choices = readers.conjoint(source)
        assert choices.responses["prompt"] == ["p1"] * 3 + ["p2"] * 3
        assert choices.responses["fuel=hybrid"] == [0.0, 1.0, 0.0] * 2
        assert choices.responses["price"] == [30.0, 35.0, 0.0, 30.0, 40.0, 0.0]
        assert choices.responses["none"] == [0.0, 0.0, 1.0] * 2
        assert choices.comparisons["chose"] == ["p1-2", "p2-3", None]
        assert choices.comparisons["verdict"] == [None, None, "neither"]
        # The second person had the same task.
        assert choices.comparisons["shown"][2] == choices.comparisons["shown"][0]


def test_rows_come_from_files_and_frames_alike(tmp_path: Path) -> None:
    rows = maxdiff_rows()
    table = pa.Table.from_pylist(rows)
    parquet.write_table(table, tmp_path / "rows.parquet")
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    sources = [
        iter(rows),
        table,
        pl.from_arrow(table),
        pd.DataFrame(rows),
        tmp_path / "rows.parquet",
        str(tmp_path / "rows.json"),
    ]
    first = readers.maxdiff(rows).comparisons
    assert all(readers.maxdiff(source).comparisons == first for source in sources)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"respondent": 1}\n\n{"respondent"\n')
    with pytest.raises(leaning.LeaningError, match="line 3: not JSON") as caught:
        readers.prism(utterances=path)
    assert caught.value.code == "table"
    with pytest.raises(leaning.LeaningError, match="row 0: expected a mapping, found int"):
        readers.prism(utterances=[5])


def test_what_a_reader_gives_can_be_fitted() -> None:
    random = np.random.default_rng(5)
    rows = []
    for person in range(20):
        for task in range(8):
            prices = random.integers(10, 50, size=3)
            for place, price in enumerate(prices):
                row = {"resp.id": person, "ques": task, "price": int(price)}
                rows.append({**row, "choice": int(place == int(np.argmin(prices)))})
    choices = readers.conjoint(rows)
    result = leaning.fit(choices.responses, choices.comparisons, dimensions=1, progress=False)
    cheap = result.deck.score([{"price": 10.0}, {"price": 40.0}])
    assert (cheap[0] - cheap[1]) @ result.deck.prior_mean > 0.0
    assert "by 20 people" in repr(choices) and "<b>Choices</b>" in choices._repr_html_()


@pytest.mark.skipif("LEANING_DATA" not in os.environ, reason="LEANING_DATA names no folder")
def test_real_votes_are_read_as_arenas() -> None:
    folder = Path(os.environ["LEANING_DATA"]) / "mtbench"
    texts = pd.read_csv(folder / "responses.csv.gz", keep_default_na=False).set_index("id")
    prompts = pd.read_csv(folder / "prompts.csv.gz").set_index("id")["text"]
    votes = pd.read_csv(folder / "comparisons.csv.gz", keep_default_na=False)
    rows = []
    for user, shown, chose, _ in votes.itertuples(index=False):
        a, b = shown.split("|")
        winner = {a: "model_a", b: "model_b"}.get(chose, "tie")
        row = {"judge": user, "prompt": prompts[texts["prompt"][a]], "winner": winner}
        rows.append({**row, "response_a": texts["text"][a], "response_b": texts["text"][b]})
    choices = readers.chatbot_arena(rows)
    lost = sum(
        row["response_a"] == row["response_b"]
        or not (row["response_a"].strip() and row["response_b"].strip())
        for row in rows
    )
    assert len(choices.comparisons["user"]) == len(votes) - lost
    assert len(choices.people["user"]) == 65
