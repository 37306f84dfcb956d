"""What the clients of stores print, and the codes it stands for."""

from pathlib import Path

import pytest
from apache_beam.io.aws.clients.s3.messages import S3ClientError
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from google.api_core.exceptions import Forbidden, RetryError, TooManyRequests
from google.auth.exceptions import RefreshError
from google.cloud.storage.exceptions import InvalidResponse
from requests import Response

from pipeline.errors import InternalError
from pipeline.transforms.storage import asking, storage_error

THROTTLED = Response()
THROTTLED.status_code = 503


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (S3ClientError("An error occurred (ExpiredToken) when calling", 400), "KEY_EXPIRED"),
        (S3ClientError("An error occurred (InvalidAccessKeyId)", 403), "UNAUTHORIZED"),
        (S3ClientError("An error occurred (SignatureDoesNotMatch)", 403), "UNAUTHORIZED"),
        (S3ClientError("An error occurred (AccessDenied)", 403), "NO_PERMISSION"),
        (S3ClientError("An error occurred (SlowDown)", 503), "RATE_LIMIT_EXCEEDED"),
        (S3ClientError("Too Many Requests", 429), "RATE_LIMIT_EXCEEDED"),
        (S3ClientError("An error occurred (QuotaExceeded)", 403), "OUT_OF_QUOTA"),
        (S3ClientError("Not Found", 404), "NOT_FOUND"),
        (RetryError("gave up", TooManyRequests("slower")), "RATE_LIMIT_EXCEEDED"),
        (RetryError("gave up", InvalidResponse(THROTTLED)), "RATE_LIMIT_EXCEEDED"),
        (Forbidden("no", errors=[{"reason": "quotaExceeded"}]), "OUT_OF_QUOTA"),
        (RefreshError("invalid_grant: Invalid JWT Signature."), "UNAUTHORIZED"),
        (FileNotFoundError(), "NOT_FOUND"),
        (PermissionError(), "NO_PERMISSION"),
        (IsADirectoryError(), "INVALID_ARGUMENT"),
        (S3ClientError("An error occurred (InternalError)", 500), "INTERNAL_ERROR"),
        (OSError("disk"), "INTERNAL_ERROR"),
    ],
)
@pytest.mark.parametrize("deep", [False, True])
def test_an_answer_becomes_a_code(
    error: Exception, status: str, deep: bool, tmp_path: Path
) -> None:
    if deep:
        error = BeamIOError("failed", {"a": BeamIOError("failed", {"a": error})})
    told = storage_error(str(tmp_path), error, "read")
    assert told.status == status
    assert str(tmp_path) not in told.reason


def test_a_missing_local_file_is_told_though_beam_does_not_say(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.jpg")
    with pytest.raises(BeamIOError) as raised:
        FileSystems.get_filesystem(missing).metadata(missing)
    assert storage_error(missing, raised.value, "read").status == "NOT_FOUND"


def test_a_store_that_fails_is_left_alone_and_others_are_not() -> None:
    asked = []
    for uri in ("s3://broken/a", "s3://broken/b", "s3://other/a"):
        with pytest.raises(InternalError), asking(uri, "read"):
            asked.append(uri)
            raise S3ClientError("An error occurred (InternalError)", 500)
    assert asked == ["s3://broken/a", "s3://other/a"]
