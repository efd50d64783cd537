"""PRISM: conversations of 1,396 people with 21 language models (Kirk et al. 2024)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._choices import Builder, Choices
from ._rows import Row, Rows, is_true, name_of, number_of, rows_of, text_of


def prism(
    *,
    utterances: Rows | None = None,
    conversations: Rows | None = None,
    survey: Rows | None = None,
) -> Choices:
    """Reads PRISM: of the answers to each message, which one the person went on with.

    Args:
        utterances: ``utterances.jsonl``, a row for each answer of a model.
        conversations: ``conversations.jsonl``, instead of the utterances.
        survey: ``survey.jsonl``; its columns describe the people.

    Returns:
        A prompt for each message, a choice among its answers, and the ratings from 1 to 100.

    Raises:
        LeaningError: For rows that are no JSON.
        TypeError: Unless exactly one of utterances and conversations is given.
    """
    if (utterances is None) == (conversations is None):
        raise TypeError("prism() takes either utterances or conversations")
    if utterances is not None:
        rows = rows_of(utterances, "utterances")
    else:
        rows = _utterances(rows_of(conversations, "conversations"))
    builder = Builder()
    turns: dict[str, list[Row]] = {}
    for row in rows:
        turn = name_of(row.get("interaction_id"))
        if turn is None or name_of(row.get("user_id")) is None:
            builder.drop("no interaction or no person is named", row.get("utterance_id"))
        else:
            turns.setdefault(turn, []).append(row)
    for turn, answers in turns.items():
        _turn(builder, turn, answers)
    return builder.build(_people(survey))


def _turn(builder: Builder, turn: str, answers: list[Row]) -> None:
    user = name_of(answers[0].get("user_id")) or ""
    texts = [(row, text_of(row.get("model_response"))) for row in answers]
    shown = [(row, text) for row, text in texts if text is not None]
    for _ in range(len(answers) - len(shown)):
        builder.drop("an answer without a text", turn)
    if len(shown) < 2:
        builder.drop("a message with one answer", turn)
        return
    chosen = [row for row, _ in shown if is_true(row.get("if_chosen"))]
    if len(chosen) != 1:
        builder.drop("a message of which no or several answers were chosen", turn)
        return
    prompt = builder.prompt(text_of(answers[0].get("user_prompt")), turn)
    ids = {}
    for row, text in shown:
        own = name_of(row.get("utterance_id"))
        ids[id(row)] = builder.response(prompt, text, id=own)
        rating = number_of(row.get("score"))
        if rating is not None:
            builder.rate(user, ids[id(row)], rating)
    builder.compare(user, [ids[id(row)] for row, _ in shown], ids[id(chosen[0])], None, turn)


def _utterances(conversations: Iterator[Row]) -> Iterator[Row]:
    """The answers in conversations, as rows of ``utterances.jsonl``."""
    for conversation in conversations:
        prompts: dict[Any, Any] = {}
        name = conversation.get("conversation_id")
        for said in conversation.get("conversation_history") or []:
            turn = said.get("turn")
            if said.get("role") == "user":
                prompts[turn] = said.get("content")
                continue
            yield {
                "interaction_id": f"{name}-{turn}",
                "utterance_id": f"{name}-{turn}-{said.get('within_turn_id')}",
                "user_id": conversation.get("user_id"),
                "user_prompt": prompts.get(turn),
                "model_response": said.get("content"),
                "score": said.get("score"),
                "if_chosen": said.get("if_chosen"),
            }


def _people(survey: Rows | None) -> dict[str, dict[str, Any]]:
    if survey is None:
        return {}
    known = {}
    for row in rows_of(survey, "survey"):
        user = name_of(row.get("user_id"))
        if user is not None:
            known[user] = {name: row[name] for name in row if name != "user_id"}
    return known
