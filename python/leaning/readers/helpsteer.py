"""HelpSteer 2 and 3: ratings and preferences of hired annotators, who have no names."""

from __future__ import annotations

from ._choices import Builder, Choices
from ._rows import Row, Rows, name_of, number_of, rows_of, text_of
from .arena import EVERYBODY

ATTRIBUTES = ("helpfulness", "correctness", "coherence", "complexity", "verbosity")


def helpsteer2(ratings: Rows, *, answer: str = "helpfulness") -> Choices:
    """Reads the ratings of HelpSteer 2 (Wang et al. 2024), 0 to 4 for each of five attributes.

    One attribute is the answer: of two responses to a prompt the one with more of it was chosen,
    and equals are a tie. The others are features.

    Args:
        ratings: Rows with ``prompt``, ``response`` and the attributes.
        answer: The attribute that is the answer.

    Raises:
        LeaningError: For rows that are no JSON.
        ValueError: If the answer is no attribute.
    """
    if answer not in ATTRIBUTES:
        raise ValueError(f"answer: expected one of {', '.join(ATTRIBUTES)}, found {answer!r}")
    builder = Builder()
    by_prompt: dict[str, list[tuple[str, float]]] = {}
    for place, row in enumerate(rows_of(ratings, "ratings")):
        asked, text = text_of(row.get("prompt")), text_of(row.get("response"))
        numbers = {name: number_of(row.get(name)) for name in ATTRIBUTES}
        found = {name: number for name, number in numbers.items() if number is not None}
        if asked is None or text is None:
            builder.drop("a message or an answer without a text", f"row {place}")
        elif len(found) < len(ATTRIBUTES):
            builder.drop("a response without all ratings", f"row {place}")
        else:
            prompt = builder.prompt(asked)
            rating = found.pop(answer)
            response = builder.response(prompt, text, found)
            by_prompt.setdefault(prompt, []).append((response, rating))
            builder.rate(EVERYBODY, response, rating)
    for prompt, rated in by_prompt.items():
        if len(rated) < 2:
            builder.drop("a prompt with one response", prompt)
        for place in range(0, len(rated) - 1, 2):
            (first, more), (second, less) = rated[place], rated[place + 1]
            _pair(builder, first, second, less - more, prompt)
    return builder.build()


def helpsteer_preferences(preferences: Rows) -> Choices:
    """Reads preferences between two responses: HelpSteer 3, or those that came with HelpSteer 2.

    Args:
        preferences: Rows with ``context``, ``response1``, ``response2`` and ``overall_preference``
            (HelpSteer 3), or ``prompt``, ``response_1``, ``response_2`` and
            ``preference_strength``. Negative numbers prefer the first response; 0 is a tie.

    Raises:
        LeaningError: For rows that are no JSON.
    """
    builder = Builder()
    for place, row in enumerate(rows_of(preferences, "preferences")):
        asked = text_of(row.get("context", row.get("prompt")))
        texts = [_response(row, number) for number in (1, 2)]
        strength = number_of(row.get("overall_preference", row.get("preference_strength")))
        if asked is None or None in texts:
            builder.drop("a message or an answer without a text", f"row {place}")
        elif strength is None:
            builder.drop("no preference", f"row {place}")
        else:
            prompt = builder.prompt(asked)
            first, second = (builder.response(prompt, text) for text in texts)
            _pair(
                builder,
                first,
                second,
                strength,
                name_of(row.get("id")) or f"row {place}",
            )
    return builder.build()


def _response(row: Row, number: int) -> str | None:
    return text_of(row.get(f"response{number}", row.get(f"response_{number}")))


def _pair(builder: Builder, first: str, second: str, strength: float, example: str) -> None:
    """A pair of which the first is preferred if the strength is negative."""
    chose = None if strength == 0 else (first if strength < 0 else second)
    verdict = "tie" if chose is None else None
    builder.compare(EVERYBODY, [first, second], chose, verdict, example)
