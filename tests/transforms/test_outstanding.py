"""What is left to read, and how far a budget reaches."""

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from pipeline.elements import Origin, Source
from pipeline.transforms.outstanding import Budget


@pytest.mark.parametrize("most", [None, 1, 7, 30, 50])
def test_a_budget_takes_what_was_put_off_first(most: int | None) -> None:
    put_off = [f"old{i}" for i in range(10)]
    new = [f"new{i}" for i in range(30)]
    ranked = [(0, Source(Origin(uri, ""))) for uri in put_off]
    ranked += [(1, Source(Origin(uri, ""))) for uri in new]
    taken = min(40 if most is None else most, 40)

    def check(kinds: list[str]) -> None:
        assert len(kinds) == taken
        assert kinds.count("old") == min(taken, 10)

    with TestPipeline() as p:
        kept, left = p | beam.Create(ranked) | Budget(most)
        assert_that(kept | beam.Map(lambda s: s.origin.uri[:3]), check, label="kept")
        codes = left | beam.Map(lambda letter: (letter.status, letter.stage, letter.retryable))
        expected = [("OUT_OF_QUOTA", "list", True)] * (40 - taken)
        assert_that(codes, equal_to(expected), label="left")
