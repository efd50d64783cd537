"""Fits to people in partitions: in this process, on a cluster of Ray, and on Spark."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import leaning
from conftest import make_tables
from leaning import LeaningError, distributed
from leaning._engines import InProcess
from leaning.distributed import Dataset, Partition

THOROUGH = os.environ.get("LEANING_THOROUGH") == "1"
PEOPLE = 450
# The driver holds every third of the people.
SETTINGS: dict[str, Any] = {"sample": 100, "dimensions": 2, "progress": False}


@pytest.fixture(scope="module")
def many() -> tuple[dict[str, Any], dict[str, Any]]:
    return make_tables(PEOPLE, 8)


@pytest.fixture(scope="module")
def dataset(many: tuple[dict[str, Any], dict[str, Any]]) -> Dataset:
    return Dataset(*many)


@pytest.fixture(scope="module")
def files(
    many: tuple[dict[str, Any], dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Dataset:
    """The same people in three files, which do not end where blocks do."""
    folder = tmp_path_factory.mktemp("files")
    responses, comparisons = map(pa.table, many)
    parquet.write_table(responses, folder / "responses.parquet")
    paths = []
    for part, (start, end) in enumerate([(0, 1000), (1000, 1008), (1008, len(comparisons))]):
        paths.append(folder / f"part-{part}.parquet")
        parquet.write_table(comparisons.slice(start, end - start), paths[-1])
    return Dataset(folder / "responses.parquet", paths)


@pytest.fixture(scope="module")
def expected(dataset: Dataset) -> leaning.Fit:
    return distributed.fit(dataset, **SETTINGS)


def same(fit: leaning.Fit, expected: leaning.Fit) -> bool:
    """Whether the decks are the same but for their ids, which begin with the name of a table."""
    decks = [{**of.deck.to_dict(), "id": ""} for of in (fit, expected)]
    return decks[0] == decks[1]


def test_the_fit_finds_what_people_like(expected: leaning.Fit) -> None:
    assert expected.summary["people"] == PEOPLE
    assert expected.summary["comparisons"] == 8 * PEOPLE
    dearer = expected.deck.score([{"price": 1.0, "size": 0.0}, {"price": 0.0, "size": 0.0}])
    assert (dearer[0] - dearer[1]) @ expected.deck.prior_mean > 0.5


def test_everybody_counts_and_not_only_those_that_the_driver_holds(
    many: tuple[dict[str, Any], dict[str, Any]], expected: leaning.Fit
) -> None:
    comparisons = pd.DataFrame(many[1])
    # Person 1 is none of those.
    other = comparisons[comparisons["user"] != "u1"]
    changed = pd.concat([other, comparisons[comparisons["user"] == "u1"]])
    fit = distributed.fit(Dataset(many[0], changed), **SETTINGS)
    assert fit.summary["people"] == PEOPLE and not same(fit, expected)


@pytest.mark.parametrize("partitions", [2, 8, 100])
def test_any_number_of_partitions_gives_the_same_bits(
    dataset: Dataset, expected: leaning.Fit, partitions: int
) -> None:
    fit = distributed.fit(dataset, partitions=partitions, **SETTINGS)
    assert fit.deck == expected.deck and fit.summary == expected.summary


def test_files_and_people_whose_rows_lie_apart_give_the_same_bits(
    many: tuple[dict[str, Any], dict[str, Any]], files: Dataset, expected: leaning.Fit
) -> None:
    assert same(distributed.fit(files, partitions=3, **SETTINGS), expected)
    # Everybody's first row, then the others.
    frame = pd.DataFrame(many[1])
    first = ~frame["user"].duplicated()
    apart = pd.concat([frame[first], frame[~first]])
    assert same(distributed.fit(Dataset(many[0], apart), partitions=3, **SETTINGS), expected)


def test_a_feature_is_left_out_by_what_some_of_the_people_were_shown(
    many: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    responses = {**many[0], "same": [1.0] * 40}
    fit = distributed.fit(Dataset(responses, many[1]), **SETTINGS)
    assert fit.deck.features == ["price", "size"]
    assert any(note.endswith("shown together to 150 of the people") for note in fit.notes)


def test_few_people_are_fitted_as_by_fit(dataset: Dataset, fitted: leaning.Fit) -> None:
    few = Dataset(*make_tables())
    fit = distributed.fit(few, partitions=2, dimensions=2, progress=False)
    assert fit.deck == fitted.deck and fit.summary == fitted.summary


@pytest.mark.skipif(not THOROUGH, reason="takes minutes: only with LEANING_THOROUGH=1")
def test_many_people_are_fitted_as_by_fit() -> None:
    tables = make_tables(8050, 12)
    fit = distributed.fit(Dataset(*tables), partitions=3, dimensions=2, progress=False)
    expected = leaning.fit(*tables, dimensions=2, progress=False)
    assert fit.deck == expected.deck and fit.summary == expected.summary


def test_a_fit_goes_on_from_a_checkpoint_with_the_same_bits(
    dataset: Dataset,
    expected: leaning.Fit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = InProcess.ask
    asked = 0

    def stop(self: InProcess, request: bytes) -> list[bytes]:
        nonlocal asked
        asked += 1
        if asked == 6:
            raise RuntimeError("the machine stops")
        return ask(self, request)

    folder = tmp_path / "rounds"
    with monkeypatch.context() as patch:
        patch.setattr(InProcess, "ask", stop)
        with pytest.raises(RuntimeError, match="the machine stops"):
            distributed.fit(dataset, checkpoint=folder, **SETTINGS)
        # Nobody is asked again after that.
        assert asked == 6 and len(list(folder.iterdir())) == 5
        # Another number of partitions goes on as well.
        asked = -1000
        fit = distributed.fit(dataset, checkpoint=folder, partitions=3, **SETTINGS)
    assert fit.deck == expected.deck
    assert len(list(folder.iterdir())) == 5 + asked + 1000


def test_a_checkpoint_of_another_fit_or_a_damaged_one_is_refused(
    dataset: Dataset, many: tuple[dict[str, Any], dict[str, Any]], tmp_path: Path
) -> None:
    distributed.fit(dataset, checkpoint=tmp_path, **SETTINGS)
    other = Dataset(many[0], make_tables(PEOPLE + 1, 8)[1])
    for changed, settings in [(other, {}), (dataset, {"lapse": 0.1})]:
        with pytest.raises(LeaningError, match="round-00001: of another fit"):
            distributed.fit(changed, checkpoint=tmp_path, **SETTINGS, **settings)
    file = tmp_path / "round-00002"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(LeaningError, match="round-00002: damaged") as caught:
        distributed.fit(dataset, checkpoint=tmp_path, **SETTINGS)
    assert (caught.value.code, caught.value.path) == ("options", "checkpoint")
    file.unlink()
    file.mkdir()
    with pytest.raises(LeaningError, match="round-00002: Is a directory"):
        distributed.fit(dataset, checkpoint=tmp_path, **SETTINGS)


def spoiled(files: Dataset, folder: Path, **change: Any) -> Dataset:
    """The data set with a change in row 8 of the last file."""
    *paths, last = files.comparisons
    rows = parquet.read_table(last).to_pylist()
    rows[7].update(change)
    parquet.write_table(pa.Table.from_pylist(rows), folder / "spoiled.parquet")
    return Dataset(files.responses, [*paths, folder / "spoiled.parquet"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shown": ["r0", "nothing"]}, "shown: expected ids of responses in "),
        ({"user": None}, "user: expected a name, found nothing"),
        ({"user": "u0"}, "'u0' is in another file as well"),
    ],
)
def test_a_flaw_in_a_file_names_the_file_and_the_row(
    files: Dataset, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    flawed = spoiled(files, tmp_path, **change)
    checkpoint = tmp_path / "rounds"
    with pytest.raises(LeaningError, match=message) as caught:
        distributed.fit(flawed, partitions=4, checkpoint=checkpoint, **SETTINGS)
    assert caught.value.code == "table"
    assert str(caught.value.path).endswith("spoiled.parquet")
    if "another file" not in message:
        assert "spoiled.parquet: row 8: " in str(caught.value)
    assert not list(checkpoint.iterdir())


def test_flaws_of_files_and_arguments_are_told(files: Dataset, tmp_path: Path) -> None:
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(Path(files.comparisons[0]).read_bytes()[:-100])
    bare = tmp_path / "bare.parquet"
    parquet.write_table(pa.table({"shown": [["r0", "r1"]]}), bare)
    for paths, message in [
        ([torn], "torn.parquet: not readable as Parquet"),
        ([tmp_path / "absent.parquet"], "absent.parquet: there is no such file"),
        ([bare], "bare.parquet: expected a column user, found none"),
        ([], "comparisons: expected a table in memory, or the paths of Parquet files"),
        (5, "comparisons: expected a table"),
    ]:
        with pytest.raises(LeaningError, match=message):
            distributed.fit(Dataset(files.responses, paths), **SETTINGS)
    for settings, path in [
        ({"partitions": 0}, "partitions"),
        ({"lapse": 2.0}, "lapse"),
        ({"ray_address": "auto", "spark": object()}, "spark"),
        ({"checkpoint": torn}, "checkpoint"),
    ]:
        with pytest.raises(LeaningError) as caught:
            distributed.fit(files, **{**SETTINGS, **settings})
        assert (caught.value.code, caught.value.path) == ("options", path)


def test_responses_without_features_are_refused(
    many: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    responses = {name: many[0][name] for name in ("id", "prompt")}
    responses["text"] = [f"Answer {place}" for place in range(40)]
    with pytest.raises(LeaningError, match="needs features"):
        distributed.fit(Dataset(responses, many[1]), **SETTINGS)


def test_a_partition_that_does_not_fit_is_refused_before_it_is_made(dataset: Dataset) -> None:
    with pytest.raises(
        LeaningError,
        match="expected 30 kB of free memory for a partition of 1024 comparisons, found 1 kB",
    ):
        distributed.fit(dataset, partitions=4, memory=1000, **SETTINGS)


def test_progress_is_told(dataset: Dataset) -> None:
    told: list[tuple[str, int, int]] = []
    settings = {**SETTINGS, "progress": lambda *step: told.append(step)}
    distributed.fit(dataset, partitions=2, **settings)
    assert told[:2] == [("partitions read", 1, 2), ("partitions read", 2, 2)]


def test_a_partition_is_a_kernel_for_any_engine(
    many: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    responses, comparisons = many
    half = {name: column[: 128 * 8] for name, column in comparisons.items()}
    rest = {name: column[128 * 8 :] for name, column in comparisons.items()}
    people = [
        Partition.from_arrow(responses, half),
        Partition.from_arrow(responses, rest, 2 * distributed.BLOCK),
    ]
    assert [of.totals[0] for of in people] == [128, PEOPLE - 128]
    whole = Partition.from_arrow(responses, comparisons)
    assert whole.totals[4] == sum(of.totals[4] for of in people) % 2**64
    with pytest.raises(LeaningError, match="round: expected the bytes of a round"):
        whole.step(b"something else")
    with pytest.raises(LeaningError, match="first: expected a multiple of 64, found 5"):
        Partition.from_arrow(responses, comparisons, 5)


def test_a_missing_package_is_named(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(LeaningError, match="Ray is not installed") as caught:
        distributed.fit(dataset, ray_address="auto", **SETTINGS)
    assert caught.value.path == "ray_address"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of Ray on this machine: a head without processors, and a node with two."""
    ray = pytest.importorskip(
        "ray", reason="Ray is not installed: it has no wheel for every Python"
    )
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        # A container may have little shared memory.
        patch.setenv("RAY_OBJECT_STORE_ALLOW_SLOW_STORAGE", "1")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        head = {"num_cpus": 0, "object_store_memory": 80_000_000, "include_dashboard": False}
        cluster = Cluster()
        try:
            try:
                cluster.add_node(**head)
                cluster.add_node(num_cpus=2, object_store_memory=80_000_000)
                ray.init(address=cluster.address, log_to_driver=False)
            except Exception as error:
                # A machine may forbid its servers, or have too little memory for them.
                pytest.skip(f"no cluster of Ray starts on this machine: {error}")
            yield cluster
        finally:
            ray.shutdown()
            cluster.shutdown()


def place_of(actor: Any) -> tuple[int, str]:
    """The process of an actor, and its node."""
    import ray

    def here(self: object) -> tuple[int, str]:
        return os.getpid(), ray.get_runtime_context().get_node_id()

    found: tuple[int, str] = ray.get(actor.__ray_call__.remote(here))
    return found


def interfere(patch: pytest.MonkeyPatch, at: int, act: Callable[[list[Any]], None]) -> None:
    """Does something to the actors when a round has begun."""
    from leaning._engines import OnRay

    ask = OnRay.ask
    count = 0

    def with_trouble(self: Any, request: bytes) -> list[bytes]:
        nonlocal count
        count += 1
        if count == at:
            act(self._actors)
        return ask(self, request)

    patch.setattr(OnRay, "ask", with_trouble)


def test_actors_of_ray_give_the_same_bits(
    cluster: Any, dataset: Dataset, expected: leaning.Fit, tmp_path: Path
) -> None:
    fit = distributed.fit(dataset, ray_address="auto", checkpoint=tmp_path, **SETTINGS)
    assert fit.deck == expected.deck and fit.summary == expected.summary
    # A fit in this process goes on from the rounds of actors.
    again = distributed.fit(dataset, checkpoint=tmp_path, **SETTINGS)
    assert again.deck == expected.deck


def test_a_lost_actor_is_made_again(
    cluster: Any, files: Dataset, expected: leaning.Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    processes = []

    def kill(actors: list[Any]) -> None:
        processes.append(place_of(actors[0])[0])
        ray.kill(actors[0], no_restart=False)

    def look(actors: list[Any]) -> None:
        processes.append(place_of(actors[0])[0])

    interfere(monkeypatch, 3, kill)
    interfere(monkeypatch, 5, look)
    fit = distributed.fit(files, ray_address="auto", partitions=2, **SETTINGS)
    assert same(fit, expected)
    assert len(processes) == 2 and processes[0] != processes[1]


def test_a_node_that_goes_takes_no_fit_with_it(
    cluster: Any, dataset: Dataset, expected: leaning.Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other node then has room for all.
    cluster.add_node(num_cpus=2, object_store_memory=80_000_000)
    places = []

    def remove(actors: list[Any]) -> None:
        places.append(place_of(actors[0])[1])
        gone = next(node for node in cluster.worker_nodes if node.node_id == places[0])
        cluster.remove_node(gone)

    def look(actors: list[Any]) -> None:
        places.append(place_of(actors[0])[1])

    interfere(monkeypatch, 3, remove)
    interfere(monkeypatch, 5, look)
    fit = distributed.fit(dataset, ray_address="auto", partitions=2, **SETTINGS)
    assert fit.deck == expected.deck
    assert len(places) == 2 and places[0] != places[1]


def test_actors_tell_flaws_as_any_partition_does(
    cluster: Any, files: Dataset, tmp_path: Path
) -> None:
    flawed = spoiled(files, tmp_path, shown=["r0", "nothing"])
    with pytest.raises(LeaningError, match=r"spoiled\.parquet: row 8: shown: expected") as caught:
        distributed.fit(flawed, ray_address="auto", partitions=2, **SETTINGS)
    assert caught.value.code == "table"
    with pytest.raises(LeaningError, match="of free memory for a partition"):
        distributed.fit(files, ray_address="auto", partitions=2, memory=1000, **SETTINGS)


def test_an_actor_that_is_lost_for_good_is_told(
    cluster: Any, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    interfere(monkeypatch, 3, lambda actors: ray.kill(actors[1]))
    with pytest.raises(LeaningError, match="partition 1: lost: ") as caught:
        distributed.fit(dataset, ray_address="auto", partitions=2, **SETTINGS)
    assert (caught.value.code, caught.value.path) == ("internal", "partitions[1]")


@pytest.mark.skipif(not THOROUGH, reason="takes a minute: only with LEANING_THOROUGH=1")
@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="PySpark is not installed")
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_workers_of_spark_give_the_same_bits(
    files: Dataset,
    expected: leaning.Fit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    try:
        fit = distributed.fit(files, spark=session, **SETTINGS)
        assert same(fit, expected)
        flawed = spoiled(files, tmp_path, shown=["r0", "nothing"])
        with pytest.raises(LeaningError, match=r"spoiled\.parquet: row 8: shown: expected"):
            distributed.fit(flawed, spark=session, **SETTINGS)
    finally:
        session.stop()
