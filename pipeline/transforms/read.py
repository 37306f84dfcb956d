"""Source → document: the bytes, from storage or from the manifest."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import Metrics

from pipeline.elements import DeadLetter, Document, Origin, Source
from pipeline.errors import CardError, InvalidArgument
from pipeline.ocr.images import Limits
from pipeline.transforms.sources import generation
from pipeline.transforms.stage import Stage
from pipeline.transforms.storage import asking, metadata

_MEGABYTE = 1024 * 1024
_OTHER_CONTENT = (
    "content is not the manifest's 'content_sha256'; correct it, or send the file again"
)


@dataclass(eq=False)
class Read(Stage):
    """Read each document whole, if its size is within the limits; of copies the first that can."""

    limits: Limits
    name, result = "read", Document

    def each(self, element: Source) -> Iterator[Document | DeadLetter]:
        read: Document | None = None
        copies = []
        for origin in (element.origin, *element.origin.copies):
            try:
                if read is None:
                    read = self._read(element._replace(origin=origin._replace(copies=())))
                else:
                    copies.append(origin if origin.inline else _found(origin, self.limits))
            except CardError as error:
                yield self.dead_letter(origin._replace(copies=()), error)
        if read is not None:
            yield replace(read, origin=read.origin._replace(copies=tuple(copies)))

    def _read(self, source: Source) -> Document:
        origin = source.origin
        if source.image_base64 is not None:
            content = _inline(source.image_base64, self.limits)
        else:
            if source.size is None:
                origin = _found(origin, self.limits)
            else:  # a store is asked once
                _check_size(source.size, self.limits)
            content = _stored(origin.uri, self.limits)
        Metrics.counter(self.name, "bytes").inc(len(content))
        digest = hashlib.sha256(content).hexdigest()
        if origin.content_sha256 not in (None, digest):
            raise InvalidArgument(_OTHER_CONTENT)
        return Document(origin.of_content(digest), content)


def _inline(text: str, limits: Limits) -> bytes:
    _check_size(len(text) * 3 // 4, limits)
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidArgument("'image_base64' is not base64; encode the file's bytes") from None


def _found(origin: Origin, limits: Limits) -> Origin:
    """A document that the storage has, with the generation that it gives it."""
    found = metadata(origin.uri, "read")
    _check_size(found.size_in_bytes, limits)
    return origin._replace(generation=generation(found))


def _stored(uri: str, limits: Limits) -> bytes:
    raw = CompressionTypes.UNCOMPRESSED
    with asking(uri, "read"), FileSystems.open(uri, compression_type=raw) as file:
        content: bytes = file.read(limits.max_bytes + 1)
    _check_size(len(content), limits)
    return content


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise InvalidArgument(
            f"file is {size / _MEGABYTE:.1f} MB; the limit is {limits.max_bytes / _MEGABYTE:g} MB"
        )
