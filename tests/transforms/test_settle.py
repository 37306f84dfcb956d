"""Every document is accounted for, and a page with cards is no failure."""

import apache_beam as beam
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from pipeline.elements import CardRow, DeadLetter, Origin, Source
from pipeline.errors import BlankPage, CardError, DetectionFailed, InternalError, NotACard
from pipeline.transforms.settle import Settle


def row(uri: str, page: int) -> CardRow:
    return CardRow(Origin(uri, "TID", page=page), "new_front", {"accepted": True})


def failure(uri: str, page: int | None, error: type[CardError]) -> DeadLetter:
    origin = Origin(uri, "TID", page=page)
    return DeadLetter(
        origin, "detect", error.status, error.http_status, error.retryable, "", error.__name__
    )


def test_failures_that_stand_and_the_sum() -> None:
    rows = [row("sheet", 1), row("sheet", 1), row("book", 1), row("mixed", 1)]
    failures = [
        failure("sheet", 1, NotACard),  # something else lay beside the cards
        failure("book", 2, BlankPage),  # an empty back page
        failure("mixed", 2, DetectionFailed),  # a page of text
        failure("letter", 1, NotACard),  # two patches, neither a card: one dead letter
        failure("letter", 1, NotACard),
        failure("empty", 1, BlankPage),
        failure("crashed", 1, NotACard),  # the graver failure stands
        failure("crashed", 1, InternalError),
    ]
    names = ["sheet", "book", "mixed", "letter", "empty", "crashed"]
    with TestPipeline() as p:
        standing, verdicts, account = {
            "sources": p | "S" >> beam.Create([Source(Origin(n, "TID")) for n in names]),
            "skipped": p | "K" >> beam.Create([Origin("known", "TID")] * 2),
            "listed": p
            | "L" >> beam.Create([Source(Origin(n, "TID")) for n in [*names, "x", "y"]]),
            "unlisted": p | "U" >> beam.Create([]),
            "rows": p | "R" >> beam.Create(rows),
            "failures": p | "F" >> beam.Create(failures),
        } | Settle()
        assert_that(
            standing | beam.Map(lambda f: (f.origin.uri, f.origin.page, f.error)),
            equal_to(
                [
                    ("mixed", 2, "DetectionFailed"),
                    ("letter", 1, "NotACard"),
                    ("empty", 1, "BlankPage"),
                    ("crashed", 1, "InternalError"),
                ]
            ),
            label="failures",
        )
        expected = {
            "listed": 8,
            "documents": 6,
            "skipped": 2,
            "with_cards": 3,
            "dead_lettered": 4,
            "with_both": 1,
            "blank_pages": 1,
            "cards": {"new_front": 4},
            "accepted": {"new_front": 4},
            "dead_letters": {"DETECTION_FAILED": 3, "INTERNAL_ERROR": 1},
        }
        assert_that(account, equal_to([expected]), label="account")
        told = verdicts | beam.Map(lambda v: (v.origin.uri, v.cards, v.status, v.retryable))
        assert_that(
            told,
            equal_to(
                [
                    ("sheet", 2, "", False),
                    ("book", 1, "", False),
                    ("mixed", 1, "DETECTION_FAILED", False),
                    ("letter", 0, "DETECTION_FAILED", False),
                    ("empty", 0, "DETECTION_FAILED", False),
                    ("crashed", 0, "INTERNAL_ERROR", True),
                ]
            ),
            label="verdicts",
        )


def test_a_document_that_ended_nowhere_is_counted() -> None:
    with TestPipeline() as p:
        *_, account = {
            "sources": p | "S" >> beam.Create([Source(Origin("lost", "TID"))]),
            "skipped": p | "K" >> beam.Create([]),
            "listed": p | "L" >> beam.Create([]),
            "unlisted": p | "U" >> beam.Create([]),
            "rows": p | "R" >> beam.Create([]),
            "failures": p | "F" >> beam.Create([]),
        } | Settle()
        lost = account | beam.Map(lambda a: a["unaccounted"])
        assert_that(lost, equal_to([1]))
