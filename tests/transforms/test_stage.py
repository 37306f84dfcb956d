"""One element, one fate: results, or one dead letter, whatever happens inside."""

import ctypes
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from pipeline.elements import DeadLetter, Origin
from pipeline.errors import DetectionFailed, InvalidArgument
from pipeline.transforms.stage import Isolated, Outcome, ProcessLocalCoder, Stage

SECRET = "NUÑEZ DE LA CRUZ"


@dataclass(eq=False)
class Fake(Stage):
    """Fails in the way that its element names."""

    name, result = "ocr", str

    def each(self, element: str) -> Iterator[str | DeadLetter]:
        if element == "nothing recognised":
            raise DetectionFailed("no card")
        if element == "a bug":
            raise ValueError(SECRET)
        if element == "half":
            yield "first half"
            raise InvalidArgument("second half is corrupt")
        if element == "one page of two":
            yield "page 1"
            yield self.dead_letter(self.origin(element)._replace(page=2), InvalidArgument("page 2"))
            return
        if element == "crash":
            ctypes.string_at(0)
        if element == "hang":
            time.sleep(60)
        if element == "killed":
            os._exit(9)
        if element == "hungry":
            bytearray(20 * 1024**3)
        yield element.upper()

    def origin(self, element: str) -> Origin:
        return Origin(element, "TID")


@dataclass(eq=False)
class Before(Fake):
    """A stage that hands on what it takes."""

    name = "decode"

    def each(self, element: str) -> Iterator[str | DeadLetter]:
        yield element


@dataclass(eq=False)
class Streaming(Fake):
    """The same with results handed on as they are made."""

    streams: ClassVar[bool] = True


def letters(element: DeadLetter) -> tuple[str, str, int | None]:
    return element.origin.uri, element.status, element.origin.page


@pytest.mark.parametrize(
    ("stage", "elements", "results", "dead_letters"),
    [
        (Fake(), ["good", "fine"], ["GOOD", "FINE"], []),
        (Streaming(), ["half"], ["first half"], [("half", "INVALID_ARGUMENT", None)]),
        (
            Fake(),
            ["good", "nothing recognised", "a bug", "half"],
            ["GOOD"],
            [
                ("nothing recognised", "DETECTION_FAILED", None),
                ("a bug", "INTERNAL_ERROR", None),
                ("half", "INVALID_ARGUMENT", None),
            ],
        ),
        (Fake(), ["one page of two"], ["page 1"], [("one page of two", "INVALID_ARGUMENT", 2)]),
        (
            Isolated(Before(), Fake(), timeout=3.0),
            ["good", "crash", "hang", "killed", "hungry", "half", "fine"],
            ["GOOD", "FINE"],
            [
                ("crash", "INTERNAL_ERROR", None),
                ("hang", "INTERNAL_ERROR", None),
                ("killed", "INTERNAL_ERROR", None),
                ("hungry", "INTERNAL_ERROR", None),
                ("half", "INVALID_ARGUMENT", None),
            ],
        ),
    ],
)
def test_every_element_has_one_fate(
    stage: Stage,
    elements: list[str],
    results: list[str],
    dead_letters: list[tuple[str, str, int | None]],
) -> None:
    with TestPipeline() as p:
        good, bad = p | beam.Create(elements) | stage
        assert_that(good, equal_to(results), label="results")
        assert_that(bad | beam.Map(letters), equal_to(dead_letters), label="dead letters")


def test_a_reason_never_repeats_an_unknown_exception() -> None:
    with TestPipeline() as p:
        _, bad = p | beam.Create(["a bug"]) | Fake()
        reasons = bad | beam.Map(lambda letter: letter.reason)
        expected = "ValueError while running 'ocr'; retry, and report the file if it repeats"
        assert_that(reasons, equal_to([expected]))


def test_pixels_cannot_reach_a_shuffle() -> None:
    coder = beam.coders.registry.get_coder(Outcome)
    assert isinstance(coder, ProcessLocalCoder)
    with pytest.raises(Exception, match="must not leave the process"), TestPipeline() as p:
        _ = (
            p
            | beam.Create(["x"])
            | beam.Map(lambda x: Outcome((x,), (), 0.0)).with_output_types(Outcome)
            | beam.Reshuffle()
        )
