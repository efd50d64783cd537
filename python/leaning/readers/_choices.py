"""Responses, comparisons and people of a data set, and what was dropped from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import _html


@dataclass(frozen=True)
class Dropped:
    """Something that a data set has and :class:`Choices` does not.

    Attributes:
        reason: Why it was dropped.
        count: How often.
        example: Where it was dropped first.
    """

    reason: str
    count: int
    example: str


@dataclass(frozen=True, eq=False)
class Choices:
    """A choice data set, as columns by name. :func:`leaning.fit` and a data frame take each table.

    Attributes:
        responses: ``id``, ``prompt``, ``text``, and perhaps a column for each feature.
        comparisons: ``user``, ``shown`` (lists of ids), ``chose`` (an id, or ``None``) and
            ``verdict`` (``tie`` or ``neither``, or ``None``).
        prompts: ``id`` and ``text``.
        people: ``user``, and what is known of each.
        ratings: ``user``, ``response`` and ``rating``, if people rated responses as well.
        dropped: What was dropped and why; nothing else was.
    """

    responses: dict[str, list[Any]]
    comparisons: dict[str, list[Any]]
    prompts: dict[str, list[Any]]
    people: dict[str, list[Any]]
    ratings: dict[str, list[Any]]
    dropped: tuple[Dropped, ...]

    def __repr__(self) -> str:
        dropped = sum(of.count for of in self.dropped)
        return f"Choices({self._about()}, {dropped} dropped)"

    def _about(self) -> str:
        return (
            f"{len(self.comparisons['user'])} comparisons of {len(self.responses['id'])} responses "
            f"by {len(self.people['user'])} people"
        )

    def _repr_html_(self) -> str:
        html = _html.heading("Choices", self._about())
        if self.dropped:
            rows = [[of.count, of.reason, of.example] for of in self.dropped]
            html += _html.table(["dropped", "reason", "first"], rows)
        return html


class Builder:
    """Collects the rows of a data set. Equal texts to one prompt are one response."""

    def __init__(self) -> None:
        self._prompts: dict[str, tuple[str, str | None]] = {}
        self._responses: dict[str, tuple[str, str | None, dict[str, float]]] = {}
        self._interned: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._users: list[str] = []
        self._shown: list[list[str]] = []
        self._chose: list[str | None] = []
        self._verdicts: list[str | None] = []
        self._ratings: list[tuple[str, str, float]] = []
        self._dropped: dict[str, list[Any]] = {}

    def drop(self, reason: str, example: object) -> None:
        """Counts something that is left out."""
        self._dropped.setdefault(reason, [0, str(example)])[0] += 1

    def prompt(self, text: str | None, key: str | None = None) -> str:
        """The id of a prompt: of the one with this key, or else with this text."""
        key = key if key is not None else (text or "")
        if key not in self._prompts:
            self._prompts[key] = (f"p{len(self._prompts) + 1}", text)
        return self._prompts[key][0]

    def response(
        self,
        prompt: str,
        text: str | None,
        features: Mapping[str, float] | None = None,
        id: str | None = None,
        key: str | None = None,
    ) -> str:
        """The id of a response to a prompt: of the one with this key, or else with this text."""
        key = key if key is not None else (text or "")
        if (prompt, key) not in self._interned:
            count = self._counts.get(prompt, 0) + 1
            name = id if id is not None else f"{prompt}-{count}"
            self._interned[prompt, key] = name
            self._responses[name] = (prompt, text, dict(features or {}))
            self._counts[prompt] = count
        return self._interned[prompt, key]

    def compare(
        self,
        user: str,
        shown: Sequence[str],
        chose: str | None,
        verdict: str | None,
        example: object,
    ) -> None:
        """Adds an answer, unless it cannot be one."""
        if len(set(shown)) < len(shown):
            self.drop("two of the responses are the same", example)
            return
        self._users.append(user)
        self._shown.append(list(shown))
        self._chose.append(chose)
        self._verdicts.append(verdict)

    def rate(self, user: str, response: str, rating: float) -> None:
        """Adds a rating."""
        self._ratings.append((user, response, rating))

    def build(self, about: Mapping[str, Mapping[str, Any]] | None = None) -> Choices:
        """The tables. ``about`` has what is known of each user."""
        shown = {id for ids in self._shown for id in ids} | {id for _, id, _ in self._ratings}
        for name in [name for name in self._responses if name not in shown]:
            self.drop("responses that are part of no answer", name)
            del self._responses[name]
        used = {prompt for prompt, _, _ in self._responses.values()}
        prompts = [(id, text) for id, text in self._prompts.values() if id in used]
        names = list(dict.fromkeys(n for _, _, of in self._responses.values() for n in of))
        responses: dict[str, list[Any]] = {
            "id": list(self._responses),
            "prompt": [prompt for prompt, _, _ in self._responses.values()],
        }
        if any(text is not None for _, text, _ in self._responses.values()):
            responses["text"] = [text or "" for _, text, _ in self._responses.values()]
        for name in names:
            responses[name] = [of.get(name, 0.0) for _, _, of in self._responses.values()]
        users = list(dict.fromkeys(self._users + [user for user, _, _ in self._ratings]))
        known = dict.fromkeys(name for user in users for name in (about or {}).get(user, {}))
        people: dict[str, list[Any]] = {"user": users}
        for name in known:
            people[name] = [(about or {}).get(user, {}).get(name) for user in users]
        return Choices(
            responses=responses,
            comparisons={
                "user": self._users,
                "shown": self._shown,
                "chose": self._chose,
                "verdict": self._verdicts,
            },
            prompts={
                "id": [id for id, _ in prompts],
                "text": [text or id for id, text in prompts],
            },
            people=people,
            ratings={
                "user": [user for user, _, _ in self._ratings],
                "response": [response for _, response, _ in self._ratings],
                "rating": [rating for _, _, rating in self._ratings],
            },
            dropped=tuple(
                Dropped(reason, count, example)
                for reason, (count, example) in self._dropped.items()
            ),
        )
