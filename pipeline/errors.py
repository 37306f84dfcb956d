"""The status codes of the contract, each as the exception that carries it to the dead letters.

A reason is read by a person who has to act on it: it says what was wrong, with the figure and the
limit where there is one, and never a name, a number or an address from a card.
"""

from typing import ClassVar


class CardError(Exception):
    """A document, page or patch that gives no card row; a subclass is one code of the contract."""

    status: ClassVar[str]
    http_status: ClassVar[int]
    retryable: ClassVar[bool]

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidArgument(CardError):
    """The input itself cannot be read, and trying again will not change that."""

    status, http_status, retryable = "INVALID_ARGUMENT", 400, False


class DetectionFailed(CardError):
    """The picture was decoded, and no supported card is on it."""

    status, http_status, retryable = "DETECTION_FAILED", 400, False


class BlankPage(DetectionFailed):
    """Nothing at all is on the page; beside pages with cards it is counted, not dead-lettered."""


class NotACard(DetectionFailed):
    """One patch of a page is no card we know; beside cards on the same page it is not a failure."""


class Unauthorized(CardError):
    """The storage knows no credentials of ours."""

    status, http_status, retryable = "UNAUTHORIZED", 401, True


class KeyExpired(CardError):
    """The storage credentials have expired."""

    status, http_status, retryable = "KEY_EXPIRED", 401, True


class NoPermission(CardError):
    """The storage forbids this object."""

    status, http_status, retryable = "NO_PERMISSION", 403, True


class OutOfQuota(CardError):
    """A quota is used up."""

    status, http_status, retryable = "OUT_OF_QUOTA", 403, True


class RateLimitExceeded(CardError):
    """The storage still throttles after the retries."""

    status, http_status, retryable = "RATE_LIMIT_EXCEEDED", 403, True


class NotFound(CardError):
    """No object is at that URI."""

    status, http_status, retryable = "NOT_FOUND", 404, True


class InternalError(CardError):
    """Our fault: an exception, a native crash or a time-out."""

    status, http_status, retryable = "INTERNAL_ERROR", 500, True

    @classmethod
    def wrap(cls, error_type: str, stage: str) -> "InternalError":
        """Keep only the type of an unknown exception: its message may hold what a card says."""
        return cls(
            f"{error_type} while running '{stage}'; retry, and report the file if it repeats"
        )


def statuses() -> dict[str, type[CardError]]:
    """Every code of the contract with the exception that stands for it."""
    return {kind.status: kind for kind in CardError.__subclasses__()}
