"""Fits to more people than one machine holds, by Ray or by Spark.

Partitions hold the people, compactly. The driver sends them parameters, some kilobytes, and adds
up their gradients and sufficient statistics along a fixed tree over all people. The result is the
same, bit for bit, with any number of partitions, and that of :func:`leaning.fit`.

:class:`Partition` works with any other engine: ``Partition.from_arrow(responses, comparisons,
first)`` reads people, who follow ``first`` others, a multiple of :data:`BLOCK`; ``step(bytes) ->
bytes`` answers a request.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import _leaning
from ._engines import Engine, InProcess, OnRay
from ._leaning import Partition
from ._people import BLOCK, Census, Input, Responses, arrow, sources_of, table_of
from ._progress import Bars, Progress
from ._rounds import Rounds, folder_of
from ._spark import OnSpark
from .commands import Fit, Table, _arguments
from .deck import Deck
from .errors import LeaningError
from .readers import Choices

__all__ = ["BLOCK", "Dataset", "Partition", "fit"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A choice data set.

    Attributes:
        responses: As for :func:`leaning.fit`, with features. A path is read where the partitions
            are.
        comparisons: A table in memory, or the paths of Parquet files, which are read where the
            partitions are. Everybody's rows are in one file.
        prompts: As for :func:`leaning.fit`.
        features: As for :func:`leaning.fit`; a path is read where the partitions are.
    """

    responses: Table
    comparisons: Table | Sequence[str | os.PathLike[str]]
    prompts: Table | None = None
    features: Table | None = None


def fit(
    dataset: Dataset | Choices,
    *,
    ray_address: str | None = None,
    spark: Any = None,
    partitions: int | None = None,
    processors: int = 1,
    memory: int | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    sample: int | None = None,
    scores: Sequence[str] | None = None,
    dimensions: int | Literal["auto"] | None = None,
    penalty: float | Literal["auto"] | None = None,
    curved: str | Sequence[str] | None = None,
    components: int | None = None,
    lapse: float | None = None,
    start: str | None = None,
    seed: int | None = None,
    id: str | None = None,
    title: str | None = None,
    language: str | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    progress: Progress = True,
) -> Fit:
    """Learns base rewards and a population prior from the choices of many people, in partitions.

    It is :func:`leaning.fit`, with the same results bit for bit, for responses with features. It
    needs PyArrow.

    Args:
        dataset: The people's choices, and the responses with their features.
        ray_address: The address of a cluster of Ray, as ``ray.init`` takes it, such as ``"auto"``.
            Without it, and without Spark, the partitions are in this process. A lost actor is made
            again from its part of the data set, and the fit goes on.
        spark: A ``SparkSession``, for partitions in its workers by ``mapInArrow``.
        partitions: Their number; by default 1 in this process, and as many as the cluster has
            processors for.
        processors: The processors of an actor of Ray.
        memory: The bytes that a partition may take; by default what is free where it is.
        checkpoint: A folder that keeps the sums of each round. A fit of the same data set with the
            same arguments goes on from there, with the same result.
        sample: The driver holds the comparisons of this many of the people, or up to twice as many,
            and searches with them first; 4,000 by default, as in :func:`leaning.fit`. Where people
            give fewer than 12 answers each, it holds more of them. If there are fewer than twice as
            many people, it fits alone.
        scores: As for :func:`leaning.fit`, and so all further arguments.
        dimensions: Number of base rewards.
        penalty: Penalty on base rewards.
        curved: Dimensions whose middle somebody may like.
        components: Number of components of the prior.
        lapse: Probability that an answer is given at random.
        start: Start of the search for base rewards.
        seed: Decides everything that is drawn.
        id: The deck's id.
        title: Its heading for people.
        language: BCP 47 tag of the language of the texts.
        labels: Names for dimensions.
        progress: Whether to show the progress, or a function to call with it.

    Raises:
        LeaningError: ``options`` with the name of the argument, ``table`` with that of a table or
            file and with the row, or ``internal`` for a partition that is lost time and again.
    """
    for name, number in {
        "partitions": partitions,
        "processors": processors,
        "sample": sample,
    }.items():
        if number is not None and number < 1:
            message = f"options: {name}: expected at least 1, found {number}"
            raise LeaningError(message, "options", name)
    if ray_address is not None and spark is not None:
        message = "options: spark: expected either Ray or Spark"
        raise LeaningError(message, "options", "spark")
    folder = folder_of(checkpoint)
    arguments = _arguments(
        scores=scores,
        dimensions=dimensions,
        penalty=penalty,
        curved=curved,
        components=components,
        lapse=lapse,
        start=start,
        seed=seed,
        id=id,
        title=title,
        language=language,
    )
    responses = Responses(
        _portable(dataset.responses, "responses"),
        _portable(getattr(dataset, "features", None), "features"),
        tuple(scores or ()),
    )
    census = Census(sources_of(dataset.comparisons))
    with Bars(progress) as bars:
        engine: Engine
        if spark is not None:
            engine = OnSpark(spark)
        elif ray_address is not None:
            engine = OnRay(ray_address, processors)
        else:
            engine = InProcess()
        try:
            ranges = census.ranges(partitions or engine.partitions())
            inputs = [Input(census.pieces(*of), of[0], memory) for of in ranges]

            def told(done: int, total: int) -> None:
                if bars.report is not None:
                    bars.report("partitions read", done, total)

            totals = engine.read(responses, inputs, told)
            people, comparisons, telling = (sum(of[place] for of in totals) for place in range(3))
            digest = sum(of[4] for of in totals) % 2**64
            step = _leaning.step_of_some(people, telling, sample)
            tables = {
                "responses": dataset.responses,
                "comparisons": census.some(step),
                "prompts": dataset.prompts,
                "features": responses.features,
                "labels": None if labels is None else json.dumps(labels).encode(),
            }
            if step == 1:
                # The driver has everybody.
                found = _leaning.run("fit", arguments, tables, bars.report)
            else:
                rounds = Rounds(engine.ask, digest.to_bytes(8, "little"), folder)
                counts = (people, comparisons, telling, max(of[3] for of in totals))
                try:
                    found = _leaning.fit_rounds(arguments, tables, counts, rounds, bars.report)
                finally:
                    rounds.stop()
        finally:
            engine.close()
    deck, summary, notes = found
    assert deck is not None
    return Fit(Deck.from_json(deck), summary, tuple(notes))


def _portable(table: Any, name: str) -> Any:
    """A table that can be sent elsewhere. Nobody there needs the texts."""
    if table is None:
        return None
    if isinstance(table, (str, os.PathLike)):
        return os.path.abspath(table)
    of = table_of(table, name)
    if name == "responses" and "text" in of.column_names:
        place = of.column_names.index("text")
        of = of.set_column(place, "text", arrow().nulls(len(of), arrow().string()))
    return of
