"""Community Alignment: choices among four answers, in five languages (Zhang et al. 2025)."""

from __future__ import annotations

from typing import Any

from ._choices import Builder, Choices
from ._rows import Rows, name_of, rows_of, text_of

_TURNS = ("first", "second", "third", "fourth")


def community_alignment(conversations: Rows, *, language: str | None = None) -> Choices:
    """Reads Community Alignment.

    Args:
        conversations: Rows with ``annotator_id`` and, for each of up to four turns,
            ``first_turn_prompt``, ``first_turn_response_a`` to ``_d`` and
            ``first_turn_preferred_response``. Columns that begin with ``annotator_`` describe the
            people.
        language: Keeps the conversations whose ``assigned_lang`` it is.

    Raises:
        LeaningError: For rows that are no JSON.
    """
    builder = Builder()
    people: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(rows_of(conversations, "conversations")):
        example = name_of(row.get("conversation_id")) or f"row {place}"
        user = name_of(row.get("annotator_id"))
        if user is None:
            builder.drop("no person is named", example)
            continue
        if language is not None and row.get("assigned_lang") != language:
            builder.drop("a conversation in another language", example)
            continue
        about = {name: row[name] for name in row if name.startswith("annotator_")}
        people[user] = {name: value for name, value in about.items() if name != "annotator_id"}
        before: list[str] = []
        for turn in _TURNS:
            asked = text_of(row.get(f"{turn}_turn_prompt"))
            answers = {side: text_of(row.get(f"{turn}_turn_response_{side}")) for side in "abcd"}
            shown = {side: text for side, text in answers.items() if text is not None}
            preferred = str(row.get(f"{turn}_turn_preferred_response") or "").strip().lower()
            if asked is None and not shown:
                continue
            if asked is None or len(shown) < 2:
                builder.drop("a turn without a message or with one answer", f"{example}, {turn}")
                continue
            # A later message means what was said before it.
            prompt = builder.prompt(asked, "\n\n".join([*before, asked]))
            ids = {side: builder.response(prompt, text) for side, text in shown.items()}
            chosen = ids.get(preferred.removeprefix("response_"))
            if chosen is None:
                builder.drop("a turn without a preferred answer", f"{example}, {turn}")
                continue
            builder.compare(user, list(ids.values()), chosen, None, f"{example}, {turn}")
            before += [asked, shown[preferred.removeprefix("response_")]]
    return builder.build(people)
