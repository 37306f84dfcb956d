"""Command line → sources: which documents this run has to account for."""

import csv
import hashlib
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet
from apache_beam.coders import PickleCoder, registry
from apache_beam.io.filesystem import FileMetadata
from apache_beam.io.filesystems import FileSystems

from pipeline.elements import DeadLetter, Origin, Source, request_id
from pipeline.errors import CardError, InvalidArgument, NotFound
from pipeline.settings import Storage
from pipeline.transforms.stage import Stage
from pipeline.transforms.storage import asking, check_root, check_scheme

MANIFEST_FORMATS = (".csv", ".jsonl", ".ndjson", ".json", ".parquet")
_LONGEST_FIELD = 64 * 1024 * 1024
"""Characters of a field of a CSV: an image in base64, whatever the limit on documents."""
_COLUMNS = ("uri", "image_base64", "request_id", "detect_face", "content_sha256")


class ManifestRow(NamedTuple):
    """A row of a manifest, its values as text; None where it has none."""

    manifest_uri: str
    number: int
    values: dict[str, str] | None
    """None where the row, or what follows it, could not be parsed at all."""


registry.register_coder(ManifestRow, PickleCoder)


class List(beam.PTransform):  # type: ignore[misc]
    """Every document of the inputs or of the manifests that a pattern names, each once."""

    def __init__(
        self, inputs: tuple[str, ...], manifest: str | None, detect_face: bool, storage: Storage
    ) -> None:
        self.inputs, self.manifest, self.detect_face = inputs, manifest, detect_face
        self.storage = storage

    def expand(self, pbegin: beam.pvalue.PBegin) -> tuple[beam.PCollection, beam.PCollection]:
        if self.manifest is None:
            patterns = pbegin | "Patterns" >> beam.Create(self.inputs, reshuffle=False)
            found, failures = patterns | "Match" >> Match(self.storage)
            # overlapping patterns name a document twice
            sources = (
                found
                | "EachOnce" >> beam.CombinePerKey(max)
                | "Source" >> beam.MapTuple(self._source)
            )
        else:
            rows = (
                pbegin
                | "Manifest" >> beam.Create([self.manifest], reshuffle=False)
                | "Manifests" >> beam.FlatMap(lambda pattern: [f.path for f in _files(pattern)])
                | "ShareManifests" >> beam.Reshuffle()
                | "Rows" >> beam.FlatMap(manifest_rows).with_output_types(ManifestRow)
            )
            sources, failures = rows | "Check" >> CheckRow(self.detect_face, self.storage)
        return sources, failures

    def _source(self, uri: str, held: tuple[str, int]) -> Source:
        own, size = held
        origin = Origin(uri, "", detect_face=self.detect_face, generation=own)
        return Source(origin, size=size)


@dataclass(eq=False)
class Match(Stage):
    """A file, a folder (all below it) or a pattern → the files, generations and sizes in bytes."""

    storage: Storage
    name, result, streams = "list", tuple[str, tuple[str, int]], True

    def each(self, element: str) -> Iterator[tuple[str, tuple[str, int]] | DeadLetter]:
        check_scheme(element, self.storage)
        found = False
        with asking(element, "list"):
            for file in _below(element) or _files(element):
                found = True
                try:
                    check_root(file.path, self.storage)
                    yield file.path, (generation(file), file.size_in_bytes)
                except CardError as error:
                    yield self.dead_letter(self.origin(file.path), error)
        if not found:
            raise NotFound("no file matches; check the path")

    def origin(self, element: str) -> Origin:
        return Origin(element, request_id(element))


@dataclass(eq=False)
class CheckRow(Stage):
    """A row of a manifest → the document it names."""

    detect_face: bool
    storage: Storage
    name, result = "list", Source

    def each(self, element: ManifestRow) -> Iterator[Source | DeadLetter]:
        values = element.values
        origin = self.origin(element)
        if values is None:
            raise InvalidArgument(
                "manifest cannot be parsed at this row; correct its syntax, or write it again"
            )
        if bool(values.get("uri")) == bool(values.get("image_base64")):
            raise InvalidArgument("must specify 'uri' or 'image_base64'")
        face = values.get("detect_face", "")
        if face not in ("", "0", "1", "0.0", "1.0", "False", "True", "false", "true"):
            raise InvalidArgument("'detect_face' must be 0 or 1")
        digest = values.get("content_sha256", "").lower()
        if not re.fullmatch("([0-9a-f]{64})?", digest):
            raise InvalidArgument("'content_sha256' must be 64 hexadecimal digits")
        inline = values.get("image_base64") or None
        if not inline:
            check_scheme(origin.uri, self.storage)
            check_root(origin.uri, self.storage)
        yield Source(
            origin._replace(
                request_id=values.get("request_id", ""),
                detect_face=self.detect_face if not face else face[0] in "1Tt",
                content_sha256=digest or None,
                inline=inline is not None,
                generation=hashlib.sha256(inline.encode()).hexdigest() if inline else "",
            ),
            inline,
        )

    def origin(self, element: ManifestRow) -> Origin:
        place = f"{element.manifest_uri}#{element.number}"
        values = element.values or {}
        uri = values.get("uri") or place
        own = values.get("request_id") or request_id(uri)
        return Origin(uri, own, element.manifest_uri, element.number)


def _below(folder: str) -> Iterator[FileMetadata] | None:
    """The files of a folder, one at a time, for it may hold millions; None for one without."""
    if any(c in folder for c in "*?["):
        return None
    # `match` would hold them all
    files = FileSystems.get_filesystem(folder)._list(FileSystems.join(folder, ""))
    first = next(files, None)
    return first and itertools.chain([first], files)


def _files(pattern: str) -> list[FileMetadata]:
    return list(FileSystems.match([pattern])[0].metadata_list)


def generation(file: FileMetadata) -> str:
    """Which content a file has, as far as its storage tells: size in bytes and last change, UTC."""
    return f"{file.size_in_bytes}@{file.last_updated_in_seconds:.6f}"


def manifest_rows(uri: str) -> Iterator[ManifestRow]:
    """The rows of a CSV, JSON Lines or Parquet manifest, one at a time.

    Bytes that are not UTF-8 are replaced: what a row names then is not found. Where a file is
    damaged, the row that it ends with could not be parsed.
    """
    number = 0
    with FileSystems.open(uri) as file:
        try:
            for number, row in enumerate(_rows(uri, file), 1):
                yield ManifestRow(uri, number, None if row is None else _values(row))
        except pa.ArrowException:
            yield ManifestRow(uri, number + 1, None)


def _rows(uri: str, file: Any) -> Iterator[dict[str, Any] | None]:
    if uri.endswith(".parquet"):
        return _parquet(file)
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
    if uri.endswith(".csv"):
        csv.field_size_limit(_LONGEST_FIELD)
        return _csv(csv.DictReader(text))
    return map(_json, text)


def _values(row: dict[str, Any]) -> dict[str, str]:
    return {c: str(row[c]).strip() for c in _COLUMNS if row.get(c) is not None}


def _parquet(file: io.BufferedIOBase) -> Iterator[dict[str, Any]]:
    table = pyarrow.parquet.ParquetFile(file)
    columns = [c for c in _COLUMNS if c in table.schema_arrow.names]
    for batch in table.iter_batches(batch_size=1000, columns=columns):
        yield from batch.to_pylist()


def _csv(reader: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any] | None]:
    """The rows of a CSV file; None for one that holds none."""
    while True:
        try:
            yield next(reader)
        except csv.Error:
            yield None
        except StopIteration:
            return


def _json(line: str) -> dict[str, Any] | None:
    """The object of a line; None for a line that holds none."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
