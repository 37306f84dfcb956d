"""Documents of one content: read once, and all of them get what comes of it."""

from collections.abc import Iterable, Iterator

import apache_beam as beam

from pipeline.elements import CardRow, DeadLetter, Origin, Source, request_id


class OncePerContent(beam.PTransform):  # type: ignore[misc]
    """Sources whose content is known before they are read → one of each content, with its copies.

    A manifest tells the content by its `content_sha256`, or brings it along.
    """

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
    for own in (origin._replace(copies=()), *(_as_read(copy, origin) for copy in origin.copies)):
        if isinstance(result, DeadLetter):
            yield result._replace(origin=own)
        else:
            place = {"uri": own.uri, "request_id": own.request_id}
            yield CardRow(own, result.table, result.values | place)


def _as_read(copy: Origin, read: Origin) -> Origin:
    digest = read.content_sha256
    own = copy.request_id or request_id(copy.uri, digest or "")
    return copy._replace(request_id=own, content_sha256=digest, page=read.page)
