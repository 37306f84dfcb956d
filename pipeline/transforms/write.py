"""Rows and dead letters → Parquet tables, and the API's responses as JSON Lines."""

import datetime
import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.io import WriteToParquet, WriteToText
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics

from pipeline import __version__, schema
from pipeline.elements import CardRow, DeadLetter, Verdict
from pipeline.transforms.runs import partition

AsRow = Callable[[Any], dict[str, Any]]


class Destination(NamedTuple):
    """Where a run writes."""

    output: str
    run_id: str
    num_shards: int = 0
    """Files a table; 0: each worker writes its own."""

    def files(self, table: str) -> str:
        """What the names of a table's files begin with."""
        return FileSystems.join(partition(self.output, table, self.run_id), "part")


class Write(beam.PTransform):  # type: ignore[misc]
    """Write each element to a table, as the row that `as_row` makes of it; gives files' names."""

    def __init__(
        self, destination: Destination, table: str, as_row: Callable[[Any], dict[str, Any]]
    ) -> None:
        self.destination, self.table, self.as_row = destination, table, as_row

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        write = WriteToParquet(
            self.destination.files(self.table),
            schema.TABLES[self.table],
            codec="zstd",
            file_name_suffix=".parquet",
            num_shards=self.destination.num_shards,
        )
        return elements | "Rows" >> beam.Map(self.as_row) | write


class WriteCards(beam.PTransform):  # type: ignore[misc]
    """Write each card to the table of its side; gives the names of the files written."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination

    def expand(self, rows: beam.PCollection) -> beam.PCollection:
        files = []
        for table in schema.CARD_TABLES:
            own = rows | f"{table} cards" >> beam.Filter(_belongs, table)
            files.append(own | table >> Write(self.destination, table, _card_row))
        return files | beam.Flatten()


class WriteResponses(beam.PTransform):  # type: ignore[misc]
    """Write one JSON object a document, in the syntax of the API's responses."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination

    def expand(self, results: dict[str, beam.PCollection]) -> beam.PCollection:
        return (
            {
                "rows": results["rows"] | beam.Map(lambda r: (r.origin.document, _result(r))),
                "failures": results["failures"] | beam.Map(lambda f: (f.origin.document, f)),
            }
            | beam.CoGroupByKey()
            | "Response" >> beam.MapTuple(_response)
            | WriteToText(
                self.destination.files("responses"),
                file_name_suffix=".jsonl",
                num_shards=self.destination.num_shards,
            )
        )


def _belongs(row: CardRow, table: str) -> bool:
    return row.table == table


def _card_row(row: CardRow) -> dict[str, Any]:
    Metrics.counter("cards", row.table).inc()
    return row.values


def dead_letter_row(letter: DeadLetter) -> dict[str, Any]:
    """A row of the table `dead_letter`."""
    Metrics.counter("dead_letters", letter.status).inc()
    origin = letter.origin
    return {
        "request_id": origin.request_id,
        "uri": origin.uri,
        "page": origin.page,
        "status": letter.status,
        "http_status": letter.http_status,
        "reason": letter.reason,
        "stage": letter.stage,
        "retryable": letter.retryable,
        "attempts": origin.attempts,
        "manifest_uri": origin.manifest_uri,
        "manifest_row": origin.manifest_row,
        "content_sha256": origin.content_sha256,
        "failed_at": datetime.datetime.now(datetime.UTC),
        "pipeline_version": __version__,
    }


def document_row(verdict: Verdict) -> dict[str, Any]:
    """A row of the table `document`."""
    origin = verdict.origin
    return {
        "identity": origin.identity,
        "request_id": origin.request_id,
        "uri": origin.uri,
        "generation": origin.generation,
        "content_sha256": origin.content_sha256,
        "cards": verdict.cards,
        "dead_letters": verdict.dead_letters,
        "blank_pages": verdict.blank_pages,
        "status": verdict.status,
        "retryable": verdict.retryable,
        "attempts": origin.attempts,
        "manifest_uri": origin.manifest_uri,
        "manifest_row": origin.manifest_row,
        "settled_at": datetime.datetime.now(datetime.UTC),
        "pipeline_version": __version__,
    }


def _result(row: CardRow) -> dict[str, Any]:
    """One card as the API reports it."""
    values = row.values
    return {
        "request_id": values["request_id"],
        "place": (values["page"], values["card_index"]),
        "result": {
            "card_type": values["card_type"],
            "card_side": values["card_side"],
            "card_info": {field: values[field] for field in schema.CARD_INFO[row.table]},
            "face_region": values["face_region"],
        },
    }


def _response(document: str, found: dict[str, Iterable[Any]]) -> str:
    """What the API would have answered for a document."""
    cards = sorted(found["rows"], key=lambda card: card["place"])
    if cards:
        response = {
            "request_id": cards[0]["request_id"],
            "status": "OK",
            "results": [card["result"] for card in cards],
        }
    else:
        failure = next(iter(found["failures"]))
        response = {
            "status": failure.status,
            "reason": failure.reason,
            "request_id": failure.origin.request_id,
        }
    return json.dumps(response, ensure_ascii=False)
