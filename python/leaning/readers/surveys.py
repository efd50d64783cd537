"""Exports of surveys: MaxDiff (best–worst scaling) and choice-based conjoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from ..errors import LeaningError
from ._choices import Builder, Choices
from ._rows import Row, Rows, is_missing, is_true, name_of, number_of, rows_of

_NEEDS = "a task without a respondent, a number or an item"


def maxdiff(
    rows: Rows,
    *,
    respondent: str = "respondent",
    task: str = "task",
    item: str = "item",
    best: str = "best",
    worst: str | None = "worst",
    use_worst: Literal["drop", "pairs"] = "drop",
) -> Choices:
    """Reads a MaxDiff export with a row for each item of a task.

    The best item is a choice among those shown. A comparison is a choice of the best of a list, so
    the worst item has no place of its own.

    Args:
        rows: The export.
        respondent: The column with the person.
        task: The column with the number of the task.
        item: The column with the item.
        best: The column that marks the best item.
        worst: The column that marks the worst item.
        use_worst: ``drop`` leaves the worst items out, and counts them. ``pairs`` says that each
            item which is neither best nor worst was chosen over the worst one. Such pairs of one
            task are not independent, so a fit of them is somewhat too sure of itself.

    Raises:
        LeaningError: Of the code ``table`` for a column that is missing.
    """
    builder = Builder()
    prompt = builder.prompt("Which is best?")
    for (user, number), found in _tasks(builder, rows, respondent, task, [item, best]).items():
        example = f"{user}, task {number}"
        names = [name_of(row.get(item)) for row in found]
        if None in names:
            builder.drop(_NEEDS, example)
            continue
        shown = [
            builder.response(prompt, str(row.get(item)), id=name)
            for row, name in zip(found, names, strict=True)
        ]
        bests = [one for one, row in zip(shown, found, strict=True) if is_true(row.get(best))]
        if len(bests) != 1 or len(shown) < 2:
            builder.drop("a task without one best item", example)
            continue
        builder.compare(user, shown, bests[0], None, example)
        worsts = (
            []
            if worst is None
            else [one for one, row in zip(shown, found, strict=True) if is_true(row.get(worst))]
        )
        for least in worsts:
            if use_worst == "drop":
                builder.drop("the worst item of a task: a comparison has the best alone", example)
                continue
            for other in shown:
                if other not in (bests[0], least):
                    builder.compare(user, [other, least], other, None, example)
    return builder.build()


def conjoint(
    rows: Rows,
    *,
    respondent: str = "resp.id",
    task: str = "ques",
    choice: str = "choice",
    attributes: Sequence[str] | None = None,
    ignore: Sequence[str] = ("alt", "alternative", "concept"),
) -> Choices:
    """Reads a choice-based conjoint export with a row for each alternative of a task.

    Columns of numbers are features. A column of texts becomes a feature for each level but the
    first in the alphabet, 0 or 1. An alternative whose attributes are all empty is *none of these*:
    its features are 0, and it has a feature ``none``. A task without a choice is *neither*.

    Args:
        rows: The export.
        respondent: The column with the person.
        task: The column with the number of the task.
        choice: The column that marks the alternative that was chosen.
        attributes: The columns that are attributes; by default all but the others and those to
            ignore.
        ignore: Columns that are no attributes.

    Raises:
        LeaningError: Of the code ``table`` for a column that is missing.
    """
    builder = Builder()
    tasks = _tasks(builder, rows, respondent, task, [choice, *(attributes or ())])
    if attributes is None:
        others = {respondent, task, choice, *ignore}
        found = dict.fromkeys(name for rows in tasks.values() for row in rows for name in row)
        attributes = [name for name in found if name not in others]
    coding = _Coding(attributes, [row for rows in tasks.values() for row in rows])
    for (user, number), alternatives in tasks.items():
        example = f"{user}, task {number}"
        features = [coding.features(row) for row in alternatives]
        if any(one is None for one in features) or len(features) < 2:
            builder.drop("a task with one alternative, or one without all attributes", example)
            continue
        key = repr(features)
        prompt = builder.prompt(None, key)
        shown = [
            builder.response(prompt, None, one, key=f"{place}")
            for place, one in enumerate(features)
        ]
        chosen = [
            one for one, row in zip(shown, alternatives, strict=True) if is_true(row.get(choice))
        ]
        if len(chosen) > 1:
            builder.drop("a task of which several alternatives were chosen", example)
            continue
        chose = chosen[0] if chosen else None
        builder.compare(user, shown, chose, None if chose else "neither", example)
    return builder.build()


def _tasks(
    builder: Builder, rows: Rows, respondent: str, task: str, needed: Sequence[str]
) -> dict[tuple[str, str], list[Row]]:
    """The rows of each task, by person and number."""
    tasks: dict[tuple[str, str], list[Row]] = {}
    for place, row in enumerate(rows_of(rows, "rows")):
        missing = next((name for name in (respondent, task, *needed) if name not in row), None)
        if missing is not None:
            found = ", ".join(row)
            message = f"rows: expected a column {missing}, found {found}"
            raise LeaningError(message, "table", "rows")
        user, number = name_of(row[respondent]), name_of(row[task])
        if user is None or number is None:
            builder.drop(_NEEDS, f"row {place}")
        else:
            tasks.setdefault((user, number), []).append(row)
    return tasks


class _Coding:
    """Features of alternatives."""

    def __init__(self, attributes: Sequence[str], rows: Sequence[Row]) -> None:
        self._attributes = attributes
        self._has_none = any(self._is_none(row) for row in rows)
        self._levels: dict[str, list[str] | None] = {}
        for name in attributes:
            values = [row.get(name) for row in rows if not _is_empty(row.get(name))]
            if all(number_of(value) is not None for value in values):
                self._levels[name] = None
            else:
                self._levels[name] = sorted({str(value) for value in values})[1:]

    def _is_none(self, row: Row) -> bool:
        return all(_is_empty(row.get(name)) for name in self._attributes)

    def features(self, row: Row) -> dict[str, float] | None:
        """The features of an alternative; ``None`` if an attribute is missing."""
        is_none = self._is_none(row)
        features: dict[str, float] = {}
        for name, levels in self._levels.items():
            value = row.get(name)
            if _is_empty(value) and not is_none:
                return None
            if levels is None:
                features[name] = 0.0 if is_none else number_of(value) or 0.0
            else:
                for level in levels:
                    features[f"{name}={level}"] = float(not is_none and str(value) == level)
        if self._has_none:
            features["none"] = float(is_none)
        return features


def _is_empty(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, str) and not value.strip())
