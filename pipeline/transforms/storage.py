"""Asking a storage for documents: whether the settings allow it, and what its refusals mean."""

import functools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apache_beam.io.aws.clients.s3.messages import S3ClientError
from apache_beam.io.filesystem import BeamIOError, FileMetadata
from apache_beam.io.filesystems import FileSystems

from pipeline.errors import (
    CardError,
    InternalError,
    InvalidArgument,
    KeyExpired,
    NoPermission,
    NotFound,
    OutOfQuota,
    RateLimitExceeded,
    Unauthorized,
)
from pipeline.settings import Storage

try:
    import botocore.session
except ImportError:  # installed by the extra for s3://
    pass
else:
    # Beam makes a client for each request; what clients are made from, a megabyte of JSON, need be
    # loaded once (130 ms a request without, 25 ms with)
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)

StorageErrors: tuple[type[Exception], ...] = (OSError, BeamIOError, S3ClientError)
"""What Beam's file systems raise; not all is wrapped."""
try:
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from google.cloud.storage.exceptions import InvalidResponse
except ImportError:  # installed by the extra for gs://
    pass
else:
    StorageErrors += (GoogleAPIError, GoogleAuthError, InvalidResponse)

_REST_SECONDS = 60.0
"""How long a store that throttles or fails after all retries is left alone."""
_resting: dict[str, tuple[float, CardError]] = {}
"""Until when each of these is, by this process's monotonic clock, and what it said."""


@contextmanager
def asking(uri: str, stage: str) -> Iterator[None]:
    """Around questions about a document to Beam's file systems; raises CardError.

    They retry what may pass for minutes. A store that throttles or fails even then is not asked
    about the next documents, which fail at once: they come again with the next run, and a backlog
    of them does not wait minutes for each.
    """
    _, is_remote, path = uri.rpartition("://")
    store = path.partition("/")[0]
    until, said = _resting.get(store, (0.0, None))
    if is_remote and said and time.monotonic() < until:
        raise said
    try:
        yield
    except StorageErrors as error:
        refused = storage_error(uri, error, stage)
        if is_remote and isinstance(refused, (RateLimitExceeded, InternalError)):
            _resting[store] = time.monotonic() + _REST_SECONDS, refused
        raise refused from None


def metadata(uri: str, stage: str) -> FileMetadata:
    """Size and last change of a document that a manifest named; raises CardError."""
    with asking(uri, stage):
        return FileSystems.get_filesystem(uri).metadata(uri)


_WORDS: tuple[tuple[str, type[CardError]], ...] = (
    ("ExpiredToken", KeyExpired),
    ("TokenRefreshRequired", KeyExpired),
    ("InvalidAccessKeyId", Unauthorized),
    ("SignatureDoesNotMatch", Unauthorized),
    ("Unable to locate credentials", Unauthorized),
    ("SlowDown", RateLimitExceeded),
    ("rateLimitExceeded", RateLimitExceeded),
    ("RequestLimitExceeded", RateLimitExceeded),
    ("QuotaExceeded", OutOfQuota),
    ("quotaExceeded", OutOfQuota),
    ("AccessDenied", NoPermission),
    ("has been expired", KeyExpired),
    ("invalid_grant", Unauthorized),
)
"""Error codes of the S3 and GCS interfaces, as their clients print them."""

_STATUSES: dict[int, type[CardError]] = {
    401: Unauthorized,
    403: NoPermission,
    404: NotFound,
    429: RateLimitExceeded,
    503: RateLimitExceeded,
}

_UNEXPLAINED = {400, 403}
"""A question about one object of S3 (HTTP HEAD) is refused with these, and without a reason."""

_REASONS: dict[type[CardError], str] = {
    Unauthorized: "the storage does not know these credentials; check the key and its secret",
    KeyExpired: "the storage credentials have expired; renew them",
    NoPermission: "the storage forbids reading this file; grant read access",
    OutOfQuota: "a quota of the storage is used up; raise it, or try again later",
    RateLimitExceeded: "the storage throttles still after retries; try again later, or more slowly",
    NotFound: "no file at this URI; check the path, or whether it was moved",
}


def check_scheme(uri: str, storage: Storage) -> None:
    """Refuse what lies on a file system that is not enabled, or has no client; raises CardError."""
    scheme = FileSystems.get_scheme(uri) or "file"
    if scheme not in storage.schemes:
        raise InvalidArgument(f"{scheme} URIs are not enabled; see storage.schemes of the settings")
    try:
        FileSystems.get_filesystem(uri)
    except ValueError:
        raise InternalError(f"no client for {scheme}:// is installed; install the extra") from None


def check_root(uri: str, storage: Storage) -> None:
    """Refuse a document outside the folders that the settings allow; raises NoPermission.

    Local paths are compared with their links and `..` resolved; object stores have neither.
    """
    if storage.roots and not any(_is_below(uri, root) for root in storage.roots):
        raise NoPermission("not below a folder that the settings allow; see storage.roots")


def _is_below(uri: str, root: str) -> bool:
    if "://" in uri or "://" in root:
        return uri.startswith(root.rstrip("/") + "/")
    return Path(uri).resolve().is_relative_to(Path(root).resolve())


def storage_error(uri: str, error: Exception, stage: str) -> CardError:
    """The code that stands for what the storage answered about a URI."""
    kind = _kind(error)
    is_remote = "://" in uri
    if kind in (NoPermission, None) and is_remote and _UNEXPLAINED.intersection(_codes(error)):
        kind = _kind_of_listing(uri) or kind
    if kind is None and not is_remote and not FileSystems.exists(uri):
        kind = NotFound  # Beam's error for local disks does not say
    if kind is not None:
        return kind(_REASONS[kind])
    if any(isinstance(cause, IsADirectoryError) for cause in _causes(error)):
        return InvalidArgument("a folder without files; name one that has some")
    if is_remote:
        return InternalError("the storage does not answer; check the network, and try again")
    return InternalError.wrap(type(error).__name__, stage)


def _kind_of_listing(uri: str) -> type[CardError] | None:
    """What listing is told, which has a reason."""
    try:
        FileSystems.match([f"{uri}*"])
    except StorageErrors as error:
        return _kind(error)
    return None


def _kind(error: Exception) -> type[CardError] | None:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, FileNotFoundError):
            return NotFound
        if isinstance(cause, PermissionError):
            return NoPermission
    said = " ".join(f"{cause} {getattr(cause, 'errors', '')}" for cause in causes)
    for word, kind in _WORDS:
        if word in said:
            return kind
    return next((_STATUSES[code] for code in _codes(error) if code in _STATUSES), None)


def _codes(error: Exception) -> list[object]:
    """HTTP status codes among an error and what it wraps; some have one only in their response."""
    causes = list(_causes(error))
    responses = (getattr(cause, "response", None) for cause in causes)
    codes = [getattr(cause, "code", None) for cause in causes]
    return codes + [getattr(response, "status_code", None) for response in responses]


def _causes(error: Exception) -> Iterator[Exception]:
    """An error and what it wraps: Beam's hold one for each path, Google's the one retried last."""
    yield error
    cause = getattr(error, "cause", None)
    if isinstance(cause, Exception):
        yield from _causes(cause)
    details = getattr(error, "exception_details", None) or {}
    for cause in details.values() if isinstance(details, dict) else ():
        if isinstance(cause, Exception):
            yield from _causes(cause)
