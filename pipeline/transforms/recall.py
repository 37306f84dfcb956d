"""What committed runs have left under the output: documents they met, and cards they read."""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pyarrow.parquet
from apache_beam.io.filesystems import FileSystems

from pipeline import schema
from pipeline.elements import Known
from pipeline.transforms.runs import committed, files

Place = tuple[str, str]
"""A run's place among the others, and a document's URI: what its cards are found by."""


class Recall(beam.PTransform):  # type: ignore[misc]
    """The documents that runs met, as `Known`, and their cards, each by its place."""

    def __init__(self, output: str) -> None:
        self.output = output

    def expand(self, pbegin: beam.pvalue.PBegin) -> tuple[beam.PCollection, beam.PCollection]:
        runs = (
            pbegin
            | "Output" >> beam.Create([self.output], reshuffle=False)
            | "Runs" >> beam.FlatMap(committed)
            | "ShareRuns" >> beam.Reshuffle()  # listed once, for both
        )
        known = (
            runs
            | "DocumentFiles" >> beam.FlatMap(files, self.output, "document")
            | "ShareDocuments" >> beam.Reshuffle()
            | "Known" >> beam.FlatMap(_known).with_output_types(Known)
        )
        cards = (
            runs
            | "CardFiles" >> beam.FlatMap(_card_files, self.output)
            | "ShareCards" >> beam.Reshuffle()
            | "Cards" >> beam.FlatMap(_cards)
        )
        return known, cards


def _card_files(run: Any, output: str) -> Iterator[tuple[str, str, str]]:
    for table in schema.CARD_TABLES:
        yield from ((table, *found) for found in files(run, output, table))


def _known(found: tuple[str, str]) -> Iterator[Known]:
    run, path = found
    columns = [field for field in Known._fields if field != "run"]
    yield from (Known(run=run, **row) for row in _rows(path, columns))


def _cards(found: tuple[str, str, str]) -> Iterator[tuple[Place, dict[str, Any]]]:
    table, run, path = found
    for row in _rows(path):
        yield (run, row["uri"]), row | {"table": table}


def _rows(path: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """A file's rows, a few at a time."""
    with FileSystems.open(path) as file:
        for batch in pyarrow.parquet.ParquetFile(file).iter_batches(1024, columns=columns):
            yield from batch.to_pylist()
