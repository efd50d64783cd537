"""Fits, evaluations and simulations."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import leaning
from conftest import make_tables
from leaning import LeaningError

Tables = tuple[dict[str, Any], dict[str, Any]]


def test_a_fit_finds_what_people_like(fitted: leaning.Fit) -> None:
    assert fitted.summary["people"] == 30 and fitted.summary["responses"] == 40
    assert fitted.deck.features == ["price", "size"]
    dearer = fitted.deck.score([{"price": 1.0, "size": 0.0}, {"price": 0.0, "size": 0.0}])
    assert (dearer[0] - dearer[1]) @ fitted.deck.prior_mean > 0.0


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "duckdb", "views"])
def test_every_kind_of_table_gives_the_same_fit(
    tables: Tables, fitted: leaning.Fit, library: str
) -> None:
    make: dict[str, Callable[[dict[str, Any]], Any]] = {
        "pandas": pd.DataFrame,
        "polars": pl.DataFrame,
        "pyarrow": pa.table,
        "duckdb": lambda table: duckdb.from_arrow(pa.table(table)),
        "views": _views,
    }
    result = leaning.fit(*map(make[library], tables), dimensions=2, progress=False)
    assert result.deck == fitted.deck


def _views(table: dict[str, Any]) -> pa.Table:
    """In chunks, with dictionaries and other types that hold the same."""
    columns = {}
    for name, column in table.items():
        array = pa.array(column)
        if name == "user":
            array = array.dictionary_encode()
        elif name == "chose":
            array = array.cast(pa.string_view())
        elif name == "shown":
            array = array.cast(pa.large_list(pa.large_string()))
        columns[name] = pa.chunked_array([array[:7], array[7:7], array[7:]])
    return pa.table(columns)


def test_the_command_line_fits_and_evaluates_with_the_same_bits(
    tables: Tables,
    fitted: leaning.Fit,
    command_line: Callable[..., Any],
    tmp_path: Path,
) -> None:
    responses, comparisons = tables
    _write(tmp_path / "responses.csv", responses)
    shown = ["|".join(ids) for ids in comparisons["shown"]]
    _write(tmp_path / "comparisons.csv", {**comparisons, "shown": shown})
    files = ["--responses", tmp_path / "responses.csv", "--comparisons"]
    files.append(tmp_path / "comparisons.csv")
    deck = command_line("fit", *files, "--dimensions", 2)
    assert deck == fitted.deck.to_dict()
    paths = leaning.fit(
        tmp_path / "responses.csv",
        tmp_path / "comparisons.csv",
        dimensions=2,
        progress=False,
    )
    assert paths.deck == fitted.deck
    fitted.deck.save(tmp_path / "deck.json")
    report = command_line("evaluate", "--deck", tmp_path / "deck.json", *files, "--seeds", 1)
    curves = leaning.evaluate(fitted.deck, *tables, seeds=1, progress=False)
    assert curves.summary == report


def _write(path: Path, table: dict[str, Any]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        columns = [
            [repr(c) if isinstance(c, float) else c for c in map(_plain, column)]
            for column in table.values()
        ]
        writer.writerows(zip(*columns, strict=True))


def _plain(cell: Any) -> Any:
    return cell.item() if isinstance(cell, np.generic) else cell


def test_an_evaluation_gives_arrays(tables: Tables, fitted: leaning.Fit) -> None:
    curves = leaning.evaluate(
        fitted.deck,
        *tables,
        answers=[0, 4],
        seeds=1,
        strategies=["random"],
        progress=False,
    )
    assert curves.after.tolist() == [0, 4]
    assert [curve.name for curve in curves.curves] == ["one-weight-for-all", "random"]
    accuracy = curves["random"].values["accuracy"]
    assert accuracy.shape == (2,) and 0.5 < accuracy[0] < 1.0
    assert "random" in curves._repr_html_()
    with pytest.raises(KeyError):
        curves["nobody"]


def test_a_simulation_is_the_command_lines(
    deck: leaning.Deck, command_line: Callable[..., Any], tmp_path: Path
) -> None:
    deck.save(tmp_path / "deck.json")
    line = ["--deck", tmp_path / "deck.json", "--people", 4, "--answers", 3]
    report = command_line("simulate", *line, "--strategy", "random")
    curves = leaning.simulate(deck, people=4, answers=3, strategies=["random"], progress=False)
    assert curves.summary == report
    assert np.isfinite(curves["random"].values["regret"]).all()


@pytest.mark.parametrize(
    ("change", "code", "path", "message"),
    [
        ({"lapse": 2.0}, "options", "lapse", "expected a number from 0 to below 1"),
        ({"dimensions": "many"}, "options", "dimensions", "options: dimensions: "),
        ({"as_is": True, "dimensions": 2}, "options", None, "cannot be used with"),
        (
            {"responses": {"id": ["a"]}},
            "table",
            "responses",
            "expected a column prompt",
        ),
        ({"responses": 5}, "table", "responses", "__arrow_c_stream__"),
        (
            {"responses": {"id": ["a"], "x": [1, 2]}},
            "table",
            "responses",
            "columns of one length",
        ),
        (
            {"responses": {"id": [object()]}},
            "table",
            "responses",
            "column id: expected",
        ),
        ({"responses": "absent.csv"}, "table", "absent.csv", "there is no such file"),
        ({"labels": {"nobody": {"low": "x"}}}, "table", "labels", "nobody"),
    ],
)
def test_flaws_name_the_argument_or_the_table(
    tables: Tables, change: dict[str, Any], code: str, path: str | None, message: str
) -> None:
    arguments = {
        "responses": tables[0],
        "comparisons": tables[1],
        "progress": False,
        **change,
    }
    with pytest.raises(LeaningError, match=message.replace("(", r"\(")) as caught:
        leaning.fit(**arguments)
    assert caught.value.code == code
    assert path is None or caught.value.path == path


def test_a_flaw_in_a_table_names_its_row_from_0(tables: Tables) -> None:
    responses, comparisons = tables
    shown = list(comparisons["shown"])
    shown[5] = ["r0", "nobody"]
    with pytest.raises(LeaningError, match=r'comparisons: row 5: .*"nobody"') as caught:
        leaning.fit(responses, {**comparisons, "shown": shown}, progress=False)
    assert caught.value.path == "comparisons"


def test_progress_is_told_and_others_run_meanwhile(fitted: leaning.Fit) -> None:
    steps: list[tuple[str, int, int]] = []
    counted = 0
    done = threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.wait(0.001):
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    try:
        leaning.simulate(
            fitted.deck,
            people=40,
            answers=10,
            progress=lambda *step: steps.append(step),
        )
    finally:
        done.set()
        thread.join()
    assert counted > 0
    assert steps and all(0 <= step <= total for _, step, total in steps)
    assert steps[-1][0] == "simulated people"


def test_an_error_of_the_progress_ends_the_work() -> None:
    def fail(message: str, done: int, total: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        leaning.simulate(people=100_000, progress=fail)
    # The next one runs as ever.
    leaning.simulate(people=2, answers=2, others=0, strategies=["random"], progress=False)


LONG = {
    "fit": "leaning.fit(*tables, dimensions='auto', progress=False)",
    "simulate": "leaning.simulate(people=100_000, progress=False)",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("name", LONG)
def test_ctrl_c_ends_long_work(name: str, tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text(json.dumps(_lists(make_tables(400, 60))))
    script = f"""
import json, leaning, sys
tables = json.load(open({str(tmp_path / "tables.json")!r}))
print("ready", flush=True)
try:
    {LONG[name]}
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(0)
print("finished", flush=True)
"""
    line = [sys.executable, "-c", script]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "interrupted\n"


def _lists(tables: Tables) -> list[dict[str, Any]]:
    return [{name: list(map(_plain, column)) for name, column in table.items()} for table in tables]


def test_a_fit_shows_itself_in_a_notebook(fitted: leaning.Fit) -> None:
    html = fitted._repr_html_()
    assert "30 people, 360 comparisons of 40 responses" in html and "sd over people" in html
    assert "30 people" in repr(fitted)


def test_a_report_goes_into_a_folder(tables: Tables, tmp_path: Path) -> None:
    result = leaning.fit(
        *tables, dimensions=1, report=tmp_path / "report", title="Plans", progress=False
    )
    assert (tmp_path / "report/report.md").is_file()
    assert result.summary["verdict"] and result.deck.title == "Plans"
    assert result.summary["verdict"] in result._repr_html_().replace("&#x27;", "'")
