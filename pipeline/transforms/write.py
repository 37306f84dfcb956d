"""Rows and dead letters → Parquet tables, and the API's responses as JSON Lines."""

import datetime
import json
from collections.abc import Iterable
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.io import WriteToParquet, WriteToText
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics

from pipeline import __version__, schema
from pipeline.elements import CardRow, DeadLetter, Verdict
from pipeline.transforms.runs import partition


class WriteTables(beam.PTransform):  # type: ignore[misc]
    """Write each row to its table; gives the names of the files written."""

    def __init__(self, output: str, run_id: str) -> None:
        self.output, self.run_id = output, run_id

    def expand(self, rows: beam.PCollection) -> beam.PCollection:
        files = []
        for table, columns in schema.CARD_TABLES.items():
            own = (
                rows
                | f"{table} rows" >> beam.Filter(_belongs, table)
                | f"{table} values" >> beam.Map(_card_row)
            )
            files.append(own | table >> _write(self.output, table, self.run_id, columns))
        return files | beam.Flatten()


class WriteDeadLetters(beam.PTransform):  # type: ignore[misc]
    """Write the dead letters; gives the names of the files written."""

    def __init__(self, output: str, run_id: str) -> None:
        self.output, self.run_id = output, run_id

    def expand(self, dead_letters: beam.PCollection) -> beam.PCollection:
        return (
            dead_letters
            | "Values" >> beam.Map(_dead_letter_row)
            | _write(self.output, "dead_letter", self.run_id, schema.DEAD_LETTER)
        )


class WriteDocuments(beam.PTransform):  # type: ignore[misc]
    """Write what became of each document; gives the names of the files written."""

    def __init__(self, output: str, run_id: str) -> None:
        self.output, self.run_id = output, run_id

    def expand(self, verdicts: beam.PCollection) -> beam.PCollection:
        return (
            verdicts
            | "Values" >> beam.Map(_document_row)
            | _write(self.output, "document", self.run_id, schema.DOCUMENT)
        )


class WriteHolders(beam.PTransform):  # type: ignore[misc]
    """Write a row a person; gives the names of the files written."""

    def __init__(self, output: str, run_id: str) -> None:
        self.output, self.run_id = output, run_id

    def expand(self, holders: beam.PCollection) -> beam.PCollection:
        return holders | _write(self.output, "holders", self.run_id, schema.HOLDERS)


class WriteResponses(beam.PTransform):  # type: ignore[misc]
    """Write one JSON object a document, in the syntax of the API's responses."""

    def __init__(self, output: str, run_id: str) -> None:
        self.output, self.run_id = output, run_id

    def expand(self, results: dict[str, beam.PCollection]) -> beam.PCollection:
        return (
            {
                "rows": results["rows"] | beam.Map(lambda r: (r.origin.document, _result(r))),
                "failures": results["failures"] | beam.Map(lambda f: (f.origin.document, f)),
            }
            | beam.CoGroupByKey()
            | "Response" >> beam.MapTuple(_response)
            | WriteToText(
                FileSystems.join(partition(self.output, "responses", self.run_id), "part"),
                file_name_suffix=".jsonl",
            )
        )


def _write(output: str, table: str, run_id: str, columns: pa.Schema) -> WriteToParquet:
    return WriteToParquet(
        FileSystems.join(partition(output, table, run_id), "part"),
        columns,
        codec="zstd",
        file_name_suffix=".parquet",
    )


def _belongs(row: CardRow, table: str) -> bool:
    return row.table == table


def _card_row(row: CardRow) -> dict[str, Any]:
    Metrics.counter("cards", row.table).inc()
    return row.values


def _dead_letter_row(letter: DeadLetter) -> dict[str, Any]:
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


def _document_row(verdict: Verdict) -> dict[str, Any]:
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
