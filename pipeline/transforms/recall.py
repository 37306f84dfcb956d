"""What committed runs have left under the output: documents they met, and card sides they read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow.parquet
from apache_beam.io.filesystems import FileSystems

from pipeline import schema
from pipeline.elements import Known
from pipeline.transforms.runs import Run, committed, files

Place = tuple[str, str]
"""A document as one run met it: the run's place among the others, and the URI."""


class CardFile(NamedTuple):
    """A file of a card table, of one run."""

    table: str
    run: str
    """The run's place among the others."""
    path: str


class Recall(beam.PTransform):  # type: ignore[misc]
    """The output's folder → the documents that runs met, and the files of the cards they read."""

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
        card_files = (
            runs
            | "CardFiles" >> beam.FlatMap(_card_files, self.output)
            | "ShareCards" >> beam.Reshuffle()
        )
        return known, card_files


def batches(path: str, columns: list[str]) -> Iterator[Any]:
    """A Parquet file's columns, as Arrow record batches of some thousand rows."""
    with FileSystems.open(path) as file:
        yield from pyarrow.parquet.ParquetFile(file).iter_batches(4096, columns=columns)


def _card_files(run: Run, output: str) -> Iterator[CardFile]:
    for table in schema.CARD_TABLES:
        yield from (CardFile(table, place, path) for place, path in files(run, output, table))


def _known(found: tuple[str, str]) -> Iterator[Known]:
    run, path = found
    columns = [field for field in Known._fields if field != "run"]
    for batch in batches(path, columns):
        yield from (Known(run=run, **row) for row in batch.to_pylist())
