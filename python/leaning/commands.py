"""The long commands, as on the command line: fit, evaluate, simulate."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import _html, _leaning
from ._progress import Bars, Progress
from .deck import Deck

Table: TypeAlias = Any
"""A table: anything with the Arrow PyCapsule interface (``__arrow_c_stream__``: pandas, Polars,
PyArrow, DuckDB, …), a dict of columns (lists, or NumPy arrays of one or two axes), or the path of
a file (CSV, JSON or Parquet)."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted deck.

    Attributes:
        deck: The deck, with the prior, the answer model and, if there are features, the basis.
        summary: Everything that ``leaning fit`` prints, under its names.
        notes: Remarks about the tables and the fit.
    """

    deck: Deck
    summary: dict[str, Any]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        of = self.summary
        dimensions = ", ".join(one["id"] for one in of["dimensions"])
        return (
            f"Fit({self.deck.id!r}, {of['people']} people, {of['comparisons']} comparisons, "
            f"dimensions=[{dimensions}])"
        )

    def _repr_html_(self) -> str:
        of = self.summary
        about = (
            f"{of['people']} people, {of['comparisons']} comparisons of {of['responses']} responses"
        )
        rows = [
            [one["label"], f"{one['mean']:.2f}", f"{one['sd']:.2f}"] for one in of["dimensions"]
        ]
        parts = [
            _html.heading(f"Fit {of['id']}", about),
            _html.table(["dimension", "mean weight", "sd over people"], rows),
        ]
        if tried := of.get("tried"):
            trials = [
                [
                    one["dimensions"],
                    _estimate(one["logLikelihood"]),
                    _estimate(one["gain"]),
                ]
                for one in tried
            ]
            header = ["dimensions", "log-likelihood per answer", "gain"]
            parts.append(_html.table(header, trials))
        if verdict := of.get("verdict"):
            parts.append(_html.heading("Verdict", verdict))
        parts.extend(_html.heading("Note", note) for note in self.notes)
        return "".join(parts)


@dataclass(frozen=True, eq=False)
class Curve:
    """The measurements of one method, by number of answers.

    Attributes:
        name: The name of the method.
        values: For each measure (``accuracy``, ``log_likelihood``, ``regret``, …) a number for
            each number of answers; NaN where there is none.
        errors: Their standard errors over people.
    """

    name: str
    values: dict[str, NDArray[np.float64]]
    errors: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Curves:
    """Measurements of several methods after some numbers of answers.

    Attributes:
        after: The numbers of answers.
        curves: One for each method.
        summary: Everything that the command prints, under its names.
        notes: Remarks about the tables.
    """

    after: NDArray[np.int64]
    curves: tuple[Curve, ...]
    summary: dict[str, Any]
    notes: tuple[str, ...]

    def __getitem__(self, name: str) -> Curve:
        for curve in self.curves:
            if curve.name == name:
                return curve
        raise KeyError(name)

    def __repr__(self) -> str:
        names = ", ".join(curve.name for curve in self.curves)
        return f"Curves(after={self.after.tolist()}, [{names}])"

    def _repr_html_(self) -> str:
        parts = []
        for measure in self.curves[0].values if self.curves else ():
            rows = [
                [curve.name]
                + [
                    f"{value:.3f} ± {error:.3f}"
                    for value, error in zip(
                        curve.values[measure], curve.errors[measure], strict=True
                    )
                ]
                for curve in self.curves
            ]
            header = [measure, *(str(count) for count in self.after.tolist())]
            parts.append(_html.table(header, rows))
        parts.extend(_html.heading("Note", note) for note in self.notes)
        return "".join(parts)


def fit(
    responses: Table,
    comparisons: Table,
    *,
    prompts: Table | None = None,
    features: Table | None = None,
    scores: Sequence[str] | None = None,
    dimensions: int | Literal["auto"] | None = None,
    penalty: float | Literal["auto"] | None = None,
    consensus: bool = True,
    as_is: bool = False,
    style: bool = False,
    curved: str | Sequence[str] | None = None,
    components: int | None = None,
    lapse: float | None = None,
    start: str | None = None,
    seed: int | None = None,
    id: str | None = None,
    title: str | None = None,
    language: str | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    report: str | os.PathLike[str] | None = None,
    progress: Progress = True,
) -> Fit:
    """Learns base rewards and a population prior from the choices of many people.

    It is ``leaning fit``, with the same results bit for bit. Arguments that are ``None`` have its
    defaults. The GIL is free meanwhile; Ctrl-C ends the fit with a ``KeyboardInterrupt``.

    Args:
        responses: ``id``, ``prompt``, perhaps ``text``, and a column of numbers (or of lists of
            numbers) for each feature.
        comparisons: ``user``, ``shown`` (a list of response ids, or a text with | between them),
            ``chose`` (the id that was picked, or nothing) and ``verdict`` (``tie``, ``neither`` or
            ``skip`` if nothing was picked).
        prompts: ``id`` and ``text`` of each prompt.
        features: More features by response ``id``.
        scores: The columns that are features; by default all of numbers.
        dimensions: Number of base rewards, 6 by default; ``"auto"`` for as many as
            cross-validation over people supports.
        penalty: Penalty on base rewards, as a multiple of the usual one.
        consensus: Whether a table of base rewards has one of what everybody thinks of a response.
        as_is: Keeps the features as the dimensions, and fits the prior alone.
        style: Adds style features measured in the texts.
        curved: Dimensions whose middle somebody may like: ids, ``"auto"``, ``"none"`` or
            ``"propose"``.
        components: Number of components of the prior, 1 by default.
        lapse: Probability that an answer is given at random, 0.02 by default.
        start: Start of the search for base rewards.
        seed: Decides everything that is drawn, 1 by default.
        id: The deck's id.
        title: Its heading for people.
        language: BCP 47 tag of the language of the texts.
        labels: Names for dimensions: by id, ``label``, ``low``, ``high`` and ``description``.
        report: A folder, to write ``report.md`` with its pictures into.
        progress: Whether to show the progress, or a function to call with it.

    Raises:
        LeaningError: ``options`` with the name of the argument, or ``table`` with that of a table.
    """
    arguments = _arguments(
        scores=scores,
        dimensions=dimensions,
        penalty=penalty,
        no_consensus=not consensus,
        as_is=as_is,
        style=style,
        curved=curved,
        components=components,
        lapse=lapse,
        start=start,
        seed=seed,
        id=id,
        title=title,
        language=language,
        report=None if report is None else os.fspath(report),
    )
    inputs = {
        "responses": responses,
        "comparisons": comparisons,
        "prompts": prompts,
        "features": features,
        "labels": None if labels is None else json.dumps(labels).encode(),
    }
    with Bars(progress) as bars:
        deck, summary, notes = _leaning.run("fit", arguments, inputs, bars.report)
    assert deck is not None
    return Fit(Deck.from_json(deck), summary, tuple(notes))


def evaluate(
    deck: Deck | str | os.PathLike[str],
    responses: Table,
    comparisons: Table,
    *,
    prompts: Table | None = None,
    features: Table | None = None,
    answers: Sequence[int] | None = None,
    test: int | None = None,
    seeds: int | None = None,
    strategies: Sequence[str] = (),
    progress: Progress = True,
) -> Curves:
    """Measures how well a deck serves people it has never seen.

    It is ``leaning evaluate``, with the same results bit for bit. Some of each person's answers are
    held out; questions come from the others. Arguments that are ``None`` have its defaults.

    Args:
        deck: The deck, or the path of its file.
        responses: As for :func:`fit`.
        comparisons: As for :func:`fit`.
        prompts: As for :func:`fit`.
        features: As for :func:`fit`.
        answers: Numbers of answers after which to measure; 0, 3, 5 and 8 by default.
        test: Number of held-out answers per person, 4 by default.
        seeds: How often the held-out answers are chosen, 3 by default.
        strategies: How questions are chosen; ``random``, ``information-gain`` and ``pref`` by
            default.
        progress: As for :func:`fit`.

    Returns:
        ``accuracy``, ``worse``, ``better`` and ``log_likelihood`` of each method.

    Raises:
        LeaningError: As :func:`fit`, or ``deck``.
    """
    arguments = _arguments(answers=answers, test=test, seeds=seeds, strategy=[*strategies])
    inputs = {
        "deck": _deck_input(deck),
        "responses": responses,
        "comparisons": comparisons,
        "prompts": prompts,
        "features": features,
    }
    with Bars(progress) as bars:
        _, summary, notes = _leaning.run("evaluate", arguments, inputs, bars.report)
    return _curves(summary, notes)


def simulate(
    deck: Deck | str | os.PathLike[str] | None = None,
    *,
    strategies: Sequence[str] = (),
    per: Literal["question", "word"] | None = None,
    people: int | None = None,
    answers: int | None = None,
    candidates_per_question: int | None = None,
    half_life: float | None = None,
    lapse: float | None = None,
    indifference: float | None = None,
    left_bias: float | None = None,
    line_spread: float | None = None,
    drift: float | None = None,
    open: bool = False,
    kind: str | None = None,
    ratings: int | None = None,
    dimensions: int | None = None,
    tastes: str | None = None,
    prompts: int | None = None,
    candidates: int | None = None,
    correlation: float | None = None,
    others: int | None = None,
    seed: int | None = None,
    progress: Progress = True,
) -> Curves:
    """Interviews simulated people, and measures regret and harm of the picks for them.

    It is ``leaning simulate``, with the same results bit for bit. With a deck, people are drawn
    from its prior; without one, a world is made up. Arguments that are ``None`` have its defaults.

    Args:
        deck: The deck, or the path of its file.
        strategies: How questions are chosen; all strategies by default.
        per: Chooses by the score of a question, or by its score per word read.
        people: Number of people, 200 by default.
        answers: Number of answers of each person, 20 by default.
        candidates_per_question: Number of candidates that a question shows.
        half_life: An answer counts half after so many further answers.
        lapse: Probability that people answer at random.
        indifference: Rewards closer than about this are the same to people.
        left_bias: Probability that people take the first candidate without looking.
        line_spread: How much people differ in the lines between answers.
        drift: How far people's weights move from one answer to the next.
        open: Also measures the share of dimensions about which it is too early to say anything.
        kind: The kind of answer that the made-up deck asks for.
        ratings: Number of levels of a rating in the made-up deck.
        dimensions: Number of base rewards of the made-up world.
        tastes: Tastes of the people in the made-up world.
        prompts: Number of prompts of the made-up deck.
        candidates: Number of candidates of each of its prompts.
        correlation: Correlation of any two base rewards of the made-up world.
        others: Number of other people that the made-up deck's prior is fitted to.
        seed: Decides everything that is drawn.
        progress: As for :func:`fit`.

    Returns:
        ``regret`` and ``harm`` of each strategy, and ``open`` if it is asked for.

    Raises:
        LeaningError: ``options`` with the name of the argument, or ``deck``.
    """
    arguments = _arguments(
        strategy=[*strategies],
        per=per,
        people=people,
        answers=answers,
        candidates_per_question=candidates_per_question,
        half_life=half_life,
        lapse=lapse,
        indifference=indifference,
        left_bias=left_bias,
        line_spread=line_spread,
        drift=drift,
        open=open,
        kind=kind,
        ratings=ratings,
        dimensions=dimensions,
        tastes=tastes,
        prompts=prompts,
        candidates=candidates,
        correlation=correlation,
        others=others,
        seed=seed,
    )
    inputs = {} if deck is None else {"deck": _deck_input(deck)}
    with Bars(progress) as bars:
        _, summary, notes = _leaning.run("simulate", arguments, inputs, bars.report)
    return _curves(summary, notes)


def _arguments(**options: object) -> list[str]:
    """The options as on the command line. ``strategy`` may be given several times there."""
    arguments = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(option)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            values = [str(one) for one in value]
            if name == "strategy":
                arguments.extend(f"{option}={one}" for one in values)
            else:
                arguments.append(f"{option}={','.join(values)}")
        else:
            arguments.append(f"{option}={value}")
    return arguments


def _deck_input(deck: Deck | str | os.PathLike[str]) -> object:
    return deck.to_json().encode() if isinstance(deck, Deck) else deck


_NAMES = {"logLikelihood": "log_likelihood"}


def _curves(summary: dict[str, Any], notes: list[str]) -> Curves:
    def numbers(estimates: list[dict[str, Any] | None], of: str) -> NDArray[np.float64]:
        found = [(estimate or {}).get(of) for estimate in estimates]
        return np.array([np.nan if one is None else one for one in found], dtype=np.float64)

    def curve(fields: dict[str, Any]) -> Curve:
        measures = {name: fields[name] for name in fields if isinstance(fields[name], list)}
        named = {_NAMES.get(name, name): estimates for name, estimates in measures.items()}
        return Curve(
            name=fields["name"],
            values={name: numbers(estimates, "mean") for name, estimates in named.items()},
            errors={name: numbers(estimates, "error") for name, estimates in named.items()},
        )

    return Curves(
        after=np.array(summary["after"], dtype=np.int64),
        curves=tuple(curve(fields) for fields in summary["curves"]),
        summary=summary,
        notes=tuple(notes),
    )


def _estimate(estimate: dict[str, Any] | None) -> str:
    if not estimate or estimate.get("mean") is None:
        return ""
    return f"{estimate['mean']:.4f} ± {estimate.get('error') or float('nan'):.4f}"
