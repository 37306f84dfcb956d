"""What the clients of stores print, and the codes it stands for."""

import pytest
from apache_beam.io.aws.clients.s3.messages import S3ClientError
from apache_beam.io.filesystem import BeamIOError

from pipeline.transforms.storage import storage_error


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
        (FileNotFoundError(), "NOT_FOUND"),
        (PermissionError(), "NO_PERMISSION"),
        (IsADirectoryError(), "INVALID_ARGUMENT"),
        (S3ClientError("An error occurred (InternalError)", 500), "INTERNAL_ERROR"),
        (OSError("disk"), "INTERNAL_ERROR"),
    ],
)
@pytest.mark.parametrize("deep", [False, True])
def test_an_answer_becomes_a_code(error: Exception, status: str, deep: bool) -> None:
    if deep:
        error = BeamIOError("failed", {"a": BeamIOError("failed", {"a": error})})
    told = storage_error("/a", error, "read")
    assert told.status == status
    assert "/a" not in told.reason
