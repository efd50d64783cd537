"""Small pieces of HTML for notebooks. Every text in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table. Cells that are :class:`Raw` are HTML already."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def heading(text: str, about: str) -> str:
    """A line with a name in bold, and what there is to say about it."""
    return f"<p><b>{escape(text)}</b> {escape(about)}</p>"


class Raw(str):
    """HTML that is put in as it is."""


def axis(low: float, middle: float, high: float, limit: float) -> Raw:
    """A picture of an interval with its middle, on an axis from −limit to limit."""
    if not limit > 0.0:
        return Raw("")

    def place(number: float) -> float:
        return 100.0 + 96.0 * max(-1.0, min(1.0, number / limit))

    left, right = place(low), place(high)
    return Raw(
        '<svg width="200" height="16" role="img">'
        f"<title>{middle:.2f}, from {low:.2f} to {high:.2f}</title>"
        '<path d="M4 8H196M100 2V14" stroke="currentColor" stroke-opacity=".3"/>'
        f'<path d="M{left:.1f} 8H{right:.1f}" stroke="currentColor" stroke-width="3" '
        'stroke-opacity=".5"/>'
        f'<circle cx="{place(middle):.1f}" cy="8" r="5" fill="currentColor"/></svg>'
    )


def _cell(cell: object) -> str:
    return cell if isinstance(cell, Raw) else escape(str(cell))
