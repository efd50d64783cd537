"""Summaries of posts and articles, compared by workers (Stiennon et al. 2020)."""

from __future__ import annotations

from ._choices import Builder, Choices
from ._rows import Rows, name_of, number_of, rows_of, text_of


def summarize_from_feedback(comparisons: Rows) -> Choices:
    """Reads the comparisons of *Learning to summarize from human feedback*.

    Args:
        comparisons: Rows with ``info``, ``summaries`` (two with ``text``), ``choice`` and
            ``worker``.

    Raises:
        LeaningError: For rows that are no JSON.
    """
    builder = Builder()
    for place, row in enumerate(rows_of(comparisons, "comparisons")):
        info = row.get("info") or {}
        source = name_of(info.get("id")) or f"row {place}"
        user = name_of(row.get("worker"))
        read = text_of(info.get("post")) or text_of(info.get("article"))
        texts = [text_of(summary.get("text")) for summary in row.get("summaries") or []]
        choice = number_of(row.get("choice"))
        if user is None:
            builder.drop("no person is named", source)
        elif len(texts) != 2 or None in texts:
            builder.drop("no two summaries with texts", source)
        elif choice not in (0.0, 1.0):
            builder.drop("no choice", source)
        else:
            prompt = builder.prompt(read, source)
            shown = [builder.response(prompt, text) for text in texts]
            builder.compare(user, shown, shown[int(choice or 0)], None, source)
    return builder.build()
