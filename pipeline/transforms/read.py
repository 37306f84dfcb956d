"""Source → document: the bytes, from storage or from the manifest."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from pipeline.elements import Document, Source, request_id
from pipeline.errors import InvalidArgument
from pipeline.ocr.images import Limits
from pipeline.transforms.sources import generation
from pipeline.transforms.stage import Stage
from pipeline.transforms.storage import StorageError, storage_error

_MEGABYTE = 1024 * 1024


@dataclass(eq=False)
class Read(Stage):
    """Read each document whole, if its size is within the limits."""

    limits: Limits
    name, result = "read", Document

    def each(self, element: Source) -> Iterator[Document]:
        origin = element.origin
        if element.image_base64 is not None:
            content = _inline(element.image_base64, self.limits)
        else:
            content, held = _stored(origin.uri, self.limits)
            origin = origin._replace(generation=held)
        digest = hashlib.sha256(content).hexdigest()
        own = origin.request_id or request_id(origin.uri, digest)
        yield Document(origin._replace(content_sha256=digest, request_id=own), content)


def _inline(text: str, limits: Limits) -> bytes:
    _check_size(len(text) * 3 // 4, limits)
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidArgument("'image_base64' is not base64; encode the file's bytes") from None


def _stored(uri: str, limits: Limits) -> tuple[bytes, str]:
    """The bytes of a document, and the generation that its storage gives them."""
    try:
        found = FileSystems.get_filesystem(uri).metadata(uri)
        _check_size(found.size_in_bytes, limits)
        with FileSystems.open(uri, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            content: bytes = file.read(limits.max_bytes + 1)
    except StorageError as error:
        raise storage_error(uri, error, "read") from None
    _check_size(len(content), limits)
    return content, generation(found)


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.max_bytes:
        raise InvalidArgument(
            f"file is {size / _MEGABYTE:.1f} MB; the limit is {limits.max_bytes / _MEGABYTE:g} MB"
        )
