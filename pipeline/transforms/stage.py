"""How every stage runs: one element in, and either results or one dead letter out.

This is the only place that turns exceptions into values, and the place that keeps pixels inside
their process.
"""

import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import apache_beam as beam
from apache_beam.coders import PickleCoder, registry
from apache_beam.metrics import Metrics

from pipeline import elements
from pipeline.elements import DeadLetter, Origin, ProcessLocal
from pipeline.errors import CardError, InternalError

CHILD_BYTES = 2 * 1024**3
"""What a child process may take, and each that it starts: several of the largest page."""


@dataclass(frozen=True)
class Outcome(ProcessLocal):
    """What became of one element."""

    results: tuple[Any, ...]
    dead_letters: tuple[DeadLetter, ...]
    seconds: float


class ProcessLocalCoder(beam.coders.Coder):  # type: ignore[misc]
    """Refuses to encode: an element that reaches a shuffle or a process boundary is a mistake."""

    def encode(self, value: object) -> bytes:
        raise TypeError(f"{type(value).__name__} must not leave the process that made it")

    def decode(self, encoded: bytes) -> object:
        raise TypeError("nothing was encoded")

    def estimate_size(self, value: object) -> int:
        # Beam samples sizes for its counters, and would pickle every sampled page to learn them
        return 1

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> type[ProcessLocal]:
        return ProcessLocal


for _kind in (
    elements.Document,
    elements.Page,
    elements.Patch,
    elements.Card,
    elements.Reading,
    Outcome,
):
    registry.register_coder(_kind, ProcessLocalCoder)
for _row in (Origin, elements.Source, elements.Known, DeadLetter, elements.Verdict):
    # not RowCoder: another process decodes a row within a row as a type of its own making
    registry.register_coder(_row, PickleCoder)


def dead_letter(stage: str, origin: Origin, error: CardError) -> DeadLetter:
    """A failure as a value; `stage` is the contract's word."""
    own = origin.request_id or elements.request_id(origin.uri, origin.content_sha256 or "")
    return DeadLetter(
        origin=origin._replace(request_id=own),
        stage=stage,
        status=error.status,
        http_status=error.http_status,
        retryable=error.retryable,
        reason=error.reason,
        error=type(error).__name__,
    )


class Stage(beam.PTransform):  # type: ignore[misc]
    """A step of the graph: a dataclass of its settings with one method, `each`.

    Applied to a PCollection it gives two: the results, and the dead letters of the elements that
    gave none.
    """

    name: ClassVar[str]
    """The contract's `stage` word."""
    result: ClassVar[type]
    streams: ClassVar[bool] = False
    """Whether results are handed on as they are made, being too many to hold. What was made before
    a failure then stays."""
    timeout: ClassVar[float | None] = None
    """Seconds that one element may take. Set, it puts `each` into a child process, which may crash
    or hang without harm to the run; what goes in and comes out is then pickled once."""

    def each(self, element: Any) -> Iterable[Any]:
        """Yield the results of one element, or raise a CardError.

        A `DeadLetter` among the results (see `dead_letter`) is a part of the element that failed
        while others did not, as one page of a document.
        """
        raise NotImplementedError

    def origin(self, element: Any) -> Origin:
        """Where an element came from, for its dead letter."""
        origin: Origin = element.origin
        return origin

    def dead_letter(self, origin: Origin, error: CardError) -> DeadLetter:
        """A failure of this stage as a value."""
        return dead_letter(self.name, origin, error)

    def expand(self, pcoll: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        attempt = beam.ParDo(Attempt(self)).with_output_types(Outcome)
        if self.timeout is None:
            outcomes = pcoll | "Attempt" >> attempt
            return self._results(outcomes), self._dead_letters(outcomes, "DeadLetters")
        outcomes, crashed = pcoll | "Attempt" >> attempt.with_exception_handling(
            use_subprocess=True, timeout=self.timeout
        )
        crashed |= "Crashed" >> beam.Map(self._crashed).with_output_types(Outcome)
        # dead letters are joined, not outcomes: a Flatten would encode what flows into it
        dead_letters = (
            self._dead_letters(outcomes, "DeadLetters"),
            self._dead_letters(crashed, "DeadLettersOfCrashes"),
        )
        return self._results(outcomes), dead_letters | beam.Flatten()

    def _results(self, outcomes: beam.PCollection) -> beam.PCollection:
        take = beam.ParDo(_Take(self.name, "results")).with_output_types(self.result)
        return outcomes | "Results" >> take

    def _dead_letters(self, outcomes: beam.PCollection, label: str) -> beam.PCollection:
        take = beam.ParDo(_Take(self.name, "dead_letters")).with_output_types(DeadLetter)
        return outcomes | label >> take

    def _crashed(self, failure: tuple[Any, tuple[type, str, list[str]]]) -> Outcome:
        """What Beam hands over when the child died or ran out of time."""
        element, (error_type, *_) = failure
        error = InternalError.wrap(error_type.__name__, self.name)
        return Outcome((), (self.dead_letter(self.origin(element), error),), self.timeout or 0.0)


class Attempt(beam.DoFn):  # type: ignore[misc]
    """Run `each`; results are collected before any is handed on, so a failure leaves nothing."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def setup(self) -> None:
        """In a child process, bound the memory that foreign bytes may make it take."""
        if self.stage.timeout is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (CHILD_BYTES, CHILD_BYTES))

    def process(self, element: Any) -> Iterator[Outcome]:
        started = time.perf_counter()
        made = self._made(element)
        for part in ([one] for one in made) if self.stage.streams else [list(made)]:
            yield Outcome(
                tuple(m for m in part if not isinstance(m, DeadLetter)),
                tuple(m for m in part if isinstance(m, DeadLetter)),
                time.perf_counter() - started,
            )

    def _made(self, element: Any) -> Iterator[Any]:
        try:
            made = self.stage.each(element)
            yield from made if self.stage.streams else list(made)
        except CardError as error:
            yield self.stage.dead_letter(self.stage.origin(element), error)
        except Exception as error:
            wrapped = InternalError.wrap(type(error).__name__, self.stage.name)
            yield self.stage.dead_letter(self.stage.origin(element), wrapped)


class _Take(beam.DoFn):  # type: ignore[misc]
    """One half of an outcome; its time and number as Beam metrics.

    Counted here because what a child process counts is lost.
    """

    def __init__(self, stage: str, half: str) -> None:
        self.half = half
        self.milliseconds = Metrics.distribution(stage, f"milliseconds_to_{half}")
        self.count = Metrics.counter(stage, half)

    def process(self, outcome: Outcome) -> Iterator[Any]:
        taken = getattr(outcome, self.half)
        if taken:
            self.milliseconds.update(round(outcome.seconds * 1000))
            self.count.inc(len(taken))
        yield from taken
