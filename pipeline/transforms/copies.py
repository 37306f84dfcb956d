"""Documents of one content: read once, and all of them get what comes of it.

A manifest tells the content of a document by its `content_sha256`, or brings it along.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsDict

from pipeline import schema
from pipeline.elements import CardRow, DeadLetter, Known, Origin, Source
from pipeline.errors import CardError
from pipeline.transforms.recall import CardFile, Place, batches
from pipeline.transforms.sources import generation
from pipeline.transforms.storage import metadata


class ReadBefore(beam.PTransform):  # type: ignore[misc]
    """Sources, what is known, card files → sources left to read, and the rows of the others.

    These are of a content that an earlier run has read under another URI.
    """

    def __init__(self, reprocess: bool) -> None:
        self.reprocess = reprocess

    def expand(
        self, inputs: tuple[beam.PCollection, beam.PCollection, beam.PCollection]
    ) -> tuple[beam.PCollection, beam.PCollection]:
        sources, known, card_files = inputs
        may_be = beam.Partition(lambda source, _: int(_may_be_known(source, self.reprocess)), 2)
        left, candidates = sources | "MayBeKnown" >> may_be
        by_content = candidates | beam.Map(lambda source: (source.origin.content_sha256, source))
        asked = by_content | beam.Keys() | beam.Distinct() | beam.Map(lambda digest: (digest, None))
        met = (
            {
                "sources": by_content,
                "known": known | "Read" >> beam.FlatMap(_read_places, AsDict(asked)),
            }
            | "ByContent" >> beam.CoGroupByKey()
            | "Meet" >> beam.FlatMap(_meet).with_outputs("left", "read")
        )
        wanted = (
            met.read | "ByPlace" >> beam.GroupByKey() | beam.MapTuple(lambda k, v: (k, list(v)))
        )
        rows = card_files | "Rows" >> beam.FlatMap(_rows, AsDict(wanted)).with_output_types(CardRow)
        unread = met.left | "Left" >> beam.Map(lambda source: source).with_output_types(Source)
        return (left, unread) | beam.Flatten(), rows


class OncePerContent(beam.PTransform):  # type: ignore[misc]
    """Sources whose content is known before they are read → one of each, with its copies."""

    def expand(self, sources: beam.PCollection) -> beam.PCollection:
        parted = sources | "Part" >> beam.Map(_by_content).with_outputs("known", main="unknown")
        once = (
            parted.known
            | "ByContent" >> beam.GroupByKey()
            | "First" >> beam.MapTuple(_with_copies).with_output_types(Source)
        )
        return (parted.unknown, once) | beam.Flatten()


class ForEachCopy(beam.PTransform):  # type: ignore[misc]
    """What came of a document → the same for it and for each of its copies."""

    def expand(self, results: beam.PCollection) -> beam.PCollection:
        return results | beam.FlatMap(_for_each).with_output_types(results.element_type)


def _may_be_known(source: Source, reprocess: bool) -> bool:
    origin = source.origin
    # an earlier run may not have looked for faces
    return bool(origin.content_sha256) and not (reprocess or origin.inline or origin.detect_face)


def _read_places(known: Known, asked: dict[str, None]) -> Iterator[tuple[str, Place]]:
    if known.content_sha256 in asked and known.cards and not known.retryable:
        yield known.content_sha256, (known.run, known.uri)


def _meet(met: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[beam.pvalue.TaggedOutput]:
    """A source is left, or gets the rows at the place where its content was read last."""
    digest, found = met
    place = max(found["known"], default=None)
    for source in found["sources"]:
        if place is None:
            yield beam.pvalue.TaggedOutput("left", source)
            continue
        try:
            held = generation(metadata(source.origin.uri, "read"))
        except CardError:  # reading it says why
            yield beam.pvalue.TaggedOutput("left", source)
        else:
            origin = source.origin.of_content(digest)._replace(generation=held)
            yield beam.pvalue.TaggedOutput("read", (place, origin))


def _rows(file: CardFile, wanted: dict[Place, list[Origin]]) -> Iterator[CardRow]:
    """A file's rows that are wanted, once for each document that they now are of, too."""
    if not any(run == file.run for run, _ in wanted):
        return
    for batch in batches(file.path, schema.CARD_TABLES[file.table].names):
        for row in batch.to_pylist():
            for origin in wanted.get((file.run, row["uri"]), ()):
                yield _row(origin._replace(page=row["page"]), file.table, row)


def _by_content(source: Source) -> Source | beam.pvalue.TaggedOutput:
    origin = source.origin
    content = origin.generation if origin.inline else origin.content_sha256
    if not content:
        return source
    return beam.pvalue.TaggedOutput("known", ((content, origin.detect_face), source))


def _with_copies(_: tuple[str, bool], sources: Iterable[Source]) -> Source:
    first, *others = sorted(sources, key=lambda source: source.origin)
    copies = tuple(other.origin for other in others)
    return first._replace(origin=first.origin._replace(copies=copies))


def _for_each(result: CardRow | DeadLetter) -> Iterator[CardRow | DeadLetter]:
    origin = result.origin
    read = [copy.of_content(origin.content_sha256) for copy in origin.copies]
    for own in (origin._replace(copies=()), *(copy._replace(page=origin.page) for copy in read)):
        if isinstance(result, DeadLetter):
            yield result._replace(origin=own)
        else:
            yield _row(own, result.table, result.values)


def _row(origin: Origin, table: str, values: dict[str, Any]) -> CardRow:
    """A row that was read at another URI, as this document's."""
    place = {"uri": origin.uri, "request_id": origin.request_id}
    return CardRow(origin, table, values | place)
