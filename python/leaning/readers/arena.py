"""Pairs of answers: Chatbot Arena, and PersonalRewardBench, which is made of it and of PRISM."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ._choices import Builder, Choices
from ._rows import Row, Rows, is_true, name_of, rows_of, text_of

#: Who the votes of a set without names of people belong to.
EVERYBODY = "everybody"

_BOTH_BAD = ("tie (bothbad)", "bothbad", "both_bad")


def chatbot_arena(battles: Rows) -> Choices:
    """Reads votes of Chatbot Arena.

    ``tie`` is a tie, ``tie (bothbad)`` is *neither*. People are the column ``judge``, or ``user``,
    ``user_id`` or ``evaluation_session_id``; without any of them all votes are one person's. A text
    is everything that a model said in the conversation.

    Args:
        battles: Rows with ``conversation_a``, ``conversation_b`` and ``winner``, or with
            ``prompt``, ``response_a``, ``response_b`` and ``winner`` or ``winner_model_a``,
            ``winner_model_b`` and ``winner_tie``.

    Raises:
        LeaningError: For rows that are no JSON.
    """
    builder = Builder()
    for place, row in enumerate(rows_of(battles, "battles")):
        example = name_of(row.get("question_id", row.get("id"))) or f"row {place}"
        users = ("judge", "user", "user_id", "evaluation_session_id")
        user = next((name for key in users if (name := name_of(row.get(key)))), EVERYBODY)
        asked, *answers = _texts(row)
        winner = _winner(row)
        if asked is None or None in answers:
            builder.drop("a message or an answer without a text", example)
        elif winner is None:
            builder.drop("a vote that is none of a, b, tie and both bad", example)
        else:
            prompt = builder.prompt(asked)
            shown = [builder.response(prompt, answer) for answer in answers]
            chose = shown["ab".index(winner)] if winner in ("a", "b") else None
            builder.compare(user, shown, chose, None if chose else winner, example)
    return builder.build()


def personal_reward_bench(pairs: Rows) -> Choices:
    """Reads PersonalRewardBench.

    Its rows have ``user_id``, ``context``, ``chosen`` and ``rejected``; the last three are texts or
    chats.

    Which of the two was shown first is not in the data: the chosen one is put first for every
    other pair.

    Args:
        pairs: Rows of its splits, or of one of them.

    Raises:
        LeaningError: For rows that are no JSON.
    """
    builder = Builder()
    for place, row in enumerate(rows_of(pairs, "pairs")):
        user = name_of(row.get("user_id"))
        asked, chosen = text_of(row.get("context")), text_of(row.get("chosen"))
        rejected = text_of(row.get("rejected"))
        if user is None:
            builder.drop("no person is named", f"row {place}")
        elif asked is None or chosen is None or rejected is None:
            builder.drop("a message or an answer without a text", f"row {place}")
        else:
            prompt = builder.prompt(asked)
            better, worse = (
                builder.response(prompt, chosen),
                builder.response(prompt, rejected),
            )
            shown = [better, worse] if place % 2 == 0 else [worse, better]
            builder.compare(user, shown, better, None, f"row {place}")
    return builder.build()


def _texts(row: Row) -> list[str | None]:
    """What was asked, and the two answers."""
    if "conversation_a" in row:
        a, b = (_chat(row.get(f"conversation_{side}")) for side in "ab")
        return [_said(a, "user"), _said(a, "assistant"), _said(b, "assistant")]
    cells = [row.get(name) for name in ("prompt", "response_a", "response_b")]
    turns = [_list(cell) for cell in cells]
    # In some tables each cell is a list of turns. An answer alone may also look like one.
    return [text_of(cell) for cell in (cells if None in turns else turns)]


def _chat(value: Any) -> Any:
    """The turns of a chat, which tables without lists have as JSON."""
    turns = _list(value)
    return value if turns is None else turns


def _list(value: Any) -> list[Any] | None:
    """The list that a text is as JSON; ``None`` for anything else."""
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return None
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _said(chat: Any, role: str) -> str | None:
    """What somebody said in a chat."""
    if isinstance(chat, str) or not isinstance(chat, Iterable):
        return None
    return text_of([turn for turn in chat if isinstance(turn, dict) and turn.get("role") == role])


def _winner(row: Row) -> str | None:
    """``a``, ``b``, ``tie`` or ``neither``."""
    winner = str(row.get("winner", "")).strip().lower()
    if winner in ("model_a", "model_b"):
        return winner[-1]
    if winner in _BOTH_BAD:
        return "neither"
    if winner == "tie":
        return "tie"
    marks = {"a": "winner_model_a", "b": "winner_model_b", "tie": "winner_tie"}
    found = [name for name, key in marks.items() if is_true(row.get(key))]
    return found[0] if len(found) == 1 else None
