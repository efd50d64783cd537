"""UltraFeedback: responses of language models, rated by one (Cui et al. 2023)."""

from __future__ import annotations

from ._choices import Builder, Choices
from ._rows import Row, Rows, number_of, rows_of, text_of

ASPECTS = ("helpfulness", "honesty", "instruction_following", "truthfulness")

#: The model that rated everything.
JUDGE = "gpt-4"


def ultrafeedback(instructions: Rows) -> Choices:
    """Reads UltraFeedback: the choice of the response with the highest overall score.

    The ratings of four aspects are features.

    Args:
        instructions: Rows with ``instruction`` and ``completions``, each of which has
            ``response``, ``annotations`` and ``overall_score``.

    Raises:
        LeaningError: For rows that are no JSON.
    """
    builder = Builder()
    for place, row in enumerate(rows_of(instructions, "instructions")):
        example = f"row {place}"
        asked = text_of(row.get("instruction"))
        if asked is None:
            builder.drop("an instruction without a text", example)
            continue
        prompt = builder.prompt(asked)
        scored: list[tuple[str, float]] = []
        for completion in row.get("completions") or []:
            text = text_of(completion.get("response"))
            ratings = {name: _rating(completion, name) for name in ASPECTS}
            found = {name: number for name, number in ratings.items() if number is not None}
            score = number_of(completion.get("overall_score"))
            if text is None:
                builder.drop("a response without a text", example)
            elif len(found) < len(ASPECTS) or score is None:
                builder.drop("a response without all ratings", example)
            else:
                response = builder.response(prompt, text, found)
                scored.append((response, score))
                builder.rate(JUDGE, response, score)
        best = max((score for _, score in scored), default=0.0)
        winners = [response for response, score in scored if score == best]
        shown = [response for response, _ in scored]
        if len(scored) < 2:
            builder.drop("an instruction with fewer than two responses", example)
        elif len(winners) == 1:
            builder.compare(JUDGE, shown, winners[0], None, example)
        elif len(scored) == 2:
            builder.compare(JUDGE, shown, None, "tie", example)
        else:
            builder.drop("several of more than two responses are the best", example)
    return builder.build()


def _rating(completion: Row, aspect: str) -> float | None:
    annotation = (completion.get("annotations") or {}).get(aspect) or {}
    return number_of(annotation.get("Rating"))
