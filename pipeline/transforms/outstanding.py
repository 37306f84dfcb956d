"""Listed documents → those that are left to read: what earlier runs did is not done again."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import apache_beam as beam

from pipeline.elements import Known, Source
from pipeline.errors import CardError, OutOfQuota
from pipeline.transforms.sources import generation
from pipeline.transforms.stage import dead_letter
from pipeline.transforms.storage import metadata

_BUCKETS = 1024
"""Parts that documents are counted in; the budget's last document lies in one of them."""


@dataclass(eq=False)
class Outstanding(beam.PTransform):  # type: ignore[misc]
    """Listed sources, and what is known → sources to read, those beyond the budget, and skipped.

    A document is skipped if the latest committed run that met it left nothing to retry, and its
    storage holds the same content still. What a budget put off comes first the next time.
    """

    reprocess: bool
    max_documents: int | None

    def expand(
        self, inputs: tuple[beam.PCollection, beam.PCollection]
    ) -> tuple[beam.PCollection, beam.PCollection, beam.PCollection]:
        listed, known = inputs
        decided = (
            {
                "listed": listed | "ByIdentity" >> beam.Map(_by_identity),
                # plain tuples are encoded at a third of the cost
                "known": known | "Known" >> beam.Map(lambda known: (known.identity, tuple(known))),
            }
            | "Meet" >> beam.CoGroupByKey()
            | "Decide" >> beam.FlatMap(_decide, self.reprocess).with_outputs("read", "skipped")
        )
        kept, put_off = decided.read | "Budget" >> Budget(self.max_documents)
        return kept, put_off, decided.skipped


def _by_identity(source: Source) -> tuple[str, Source]:
    return source.origin.identity, source


def _decide(
    met: tuple[str, dict[str, Iterable[Any]]], reprocess: bool
) -> Iterator[beam.pvalue.TaggedOutput]:
    """Read a document, or skip it. Of one that is tried again, count the attempts."""
    _, found = met
    known = max((Known(*values) for values in found["known"]), key=attrgetter("run"), default=None)
    for source in found["listed"]:
        origin = source.origin
        if known is None or reprocess or not _is_same(source, known):
            yield beam.pvalue.TaggedOutput("read", (_NEW, source))
        elif not known.retryable:
            yield beam.pvalue.TaggedOutput("skipped", origin)
        else:
            put_off = known.status == OutOfQuota.status
            attempts = known.attempts + (not put_off)
            again = source._replace(origin=origin._replace(attempts=attempts))
            yield beam.pvalue.TaggedOutput("read", (_PUT_OFF if put_off else _NEW, again))


_PUT_OFF, _NEW = 0, 1
"""Which documents a budget takes first."""


def _is_same(source: Source, known: Known) -> bool:
    """Whether a document's content is as it was; storage is asked where the listing did not say."""
    origin = source.origin
    if origin.content_sha256:
        return origin.content_sha256 == known.content_sha256
    if origin.generation:
        return origin.generation == known.generation
    try:
        held = metadata(origin.uri, "list")
    except CardError:  # reading it says why
        return known.generation == ""
    return generation(held) == known.generation


class Budget(beam.PTransform):  # type: ignore[misc]
    """Ranked sources → the first `most` of them, and dead letters for the rest.

    The documents are counted in buckets, by rank and by a hash of their key: the counts are few,
    whatever the backlog, and only the bucket in which the budget ends has to be sorted.
    """

    def __init__(self, most: int | None) -> None:
        self.most = most

    def expand(self, ranked: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        if self.most is None:
            none = ranked | "None" >> beam.Filter(lambda _: False)
            return ranked | beam.Values(), none
        in_buckets = ranked | "Bucket" >> beam.Map(_in_bucket)
        counts = in_buckets | beam.Keys() | beam.combiners.Count.PerElement()
        parted = (
            in_buckets
            | beam.GroupByKey()
            | "Take"
            >> beam.FlatMap(_take, self.most, beam.pvalue.AsDict(counts)).with_outputs(
                "kept", "put_off"
            )
        )
        return parted.kept, parted.put_off


def _in_bucket(ranked: tuple[int, Source]) -> tuple[tuple[int, int], Source]:
    rank, source = ranked
    return (rank, zlib.crc32(source.origin.document.encode()) % _BUCKETS), source


def _take(
    bucket: tuple[tuple[int, int], Iterable[Source]],
    most: int,
    counts: dict[tuple[int, int], int],
) -> Iterator[beam.pvalue.TaggedOutput]:
    key, sources = bucket
    left = most - sum(count for other, count in counts.items() if other < key)
    if left < counts[key]:
        sources = sorted(sources, key=lambda source: source.origin.document)
    for place, source in enumerate(sources):
        if place < left:
            yield beam.pvalue.TaggedOutput("kept", source)
        else:
            letter = dead_letter("list", source.origin, OutOfQuota(_PUT_OFF_REASON))
            yield beam.pvalue.TaggedOutput("put_off", letter)


_PUT_OFF_REASON = "beyond this run's --max_documents; the next run reads it first"
