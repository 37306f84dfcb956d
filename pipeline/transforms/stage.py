"""How every stage runs: one element in, and either results or one dead letter out.

This is the only place that turns exceptions into values, and the place that keeps pixels inside
their process.
"""

import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import apache_beam as beam
from apache_beam.coders import PickleCoder, registry
from apache_beam.metrics import Metrics

from pipeline import elements
from pipeline.elements import DeadLetter, Origin, ProcessLocal
from pipeline.errors import CardError, InternalError

CHILD_BYTES = 4 * 1024**3
"""What a child process may take, and each that it starts: models, and several large pages."""


class Spent(NamedTuple):
    """What one element cost in one stage, and how much came of it."""

    stage: str
    seconds: float
    results: int
    dead_letters: int


@dataclass(frozen=True)
class Outcome(ProcessLocal):
    """What became of one element in the stages that it went through."""

    results: tuple[Any, ...]
    dead_letters: tuple[DeadLetter, ...]
    spent: tuple[Spent, ...]


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
    """Whether results are handed on as they are made, being too many or too large to hold. What was
    made before a failure then stays."""

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
        outcomes = pcoll | "Attempt" >> beam.ParDo(Attempt(self)).with_output_types(Outcome)
        return _results(outcomes, self), _dead_letters(outcomes, "DeadLetters")


class Isolated(beam.PTransform):  # type: ignore[misc]
    """Stages one after the other in a child process, which may crash or hang without harm.

    Applied to a PCollection it gives two, as a stage does. What goes in and comes out is pickled;
    what passes between the stages is not. An element whose child dies is a dead letter of the
    first stage.
    """

    def __init__(self, *stages: Stage, timeout: float) -> None:
        """`timeout` is what one element may take, in seconds."""
        self.stages, self.timeout = stages, timeout

    def expand(self, pcoll: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        attempt = beam.ParDo(Attempt(*self.stages, limit=CHILD_BYTES)).with_output_types(Outcome)
        outcomes, crashed = pcoll | "Attempt" >> attempt.with_exception_handling(
            use_subprocess=True, timeout=self.timeout
        )
        crashed |= "Crashed" >> beam.Map(self._crashed).with_output_types(Outcome)
        # dead letters are joined, not outcomes: a Flatten would encode what flows into it
        dead_letters = (
            _dead_letters(outcomes, "DeadLetters"),
            _dead_letters(crashed, "DeadLettersOfCrashes"),
        )
        return _results(outcomes, self.stages[-1]), dead_letters | beam.Flatten()

    def _crashed(self, failure: tuple[Any, tuple[type, str, list[str]]]) -> Outcome:
        """What Beam hands over when the child died or ran out of time."""
        element, (error_type, *_) = failure
        stage = self.stages[0]
        error = InternalError.wrap(error_type.__name__, stage.name)
        letter = stage.dead_letter(stage.origin(element), error)
        return Outcome((), (letter,), (Spent(stage.name, self.timeout, 0, 1),))


def _results(outcomes: beam.PCollection, last: Stage) -> beam.PCollection:
    take = beam.FlatMap(lambda outcome: outcome.results).with_output_types(last.result)
    return outcomes | "Results" >> take


def _dead_letters(outcomes: beam.PCollection, label: str) -> beam.PCollection:
    """The dead letters; here, too, what was spent is counted, for what a child counts is lost."""
    return outcomes | label >> beam.FlatMap(_counted).with_output_types(DeadLetter)


def _counted(outcome: Outcome) -> tuple[DeadLetter, ...]:
    for stage, seconds, *made in outcome.spent:
        for half, count in zip(("results", "dead_letters"), made, strict=True):
            if count:
                Metrics.distribution(stage, f"milliseconds_to_{half}").update(round(seconds * 1000))
                Metrics.counter(stage, half).inc(count)
    return outcome.dead_letters


class Attempt(beam.DoFn):  # type: ignore[misc]
    """Run stages one after the other, each result through all of them before the next."""

    def __init__(self, *stages: Stage, limit: int | None = None) -> None:
        """`limit` is what this process may take of memory from now on, in bytes."""
        self.stages, self.limit = stages, limit

    def setup(self) -> None:
        if self.limit is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (self.limit, self.limit))

    def process(self, element: Any) -> Iterator[Outcome]:
        spent: list[Spent] = []
        made = _through(self.stages, element, spent)
        if self.stages[-1].streams:
            yield from (_outcome([one], []) for one in made)
            yield _outcome([], spent)
        else:
            yield _outcome([*made], spent)


def _through(stages: Sequence[Stage], element: Any, spent: list[Spent]) -> Iterator[Any]:
    """What the stages make of an element, and the dead letters of what went no further."""
    stage, *later = stages
    results, dead_letters, seconds = 0, 0, 0.0
    started = time.perf_counter()
    for made in _fate(stage, element):
        seconds += time.perf_counter() - started
        if isinstance(made, DeadLetter):
            dead_letters += 1
            yield made
        else:
            results += 1
            yield from _through(later, made, spent) if later else (made,)
        started = time.perf_counter()
    seconds += time.perf_counter() - started
    spent.append(Spent(stage.name, seconds, results, dead_letters))


def _fate(stage: Stage, element: Any) -> Iterator[Any]:
    """Results are collected before any is handed on, so that a failure leaves nothing."""
    try:
        made = stage.each(element)
        yield from made if stage.streams else list(made)
    except CardError as error:
        yield stage.dead_letter(stage.origin(element), error)
    except Exception as error:
        wrapped = InternalError.wrap(type(error).__name__, stage.name)
        yield stage.dead_letter(stage.origin(element), wrapped)


def _outcome(made: Sequence[Any], spent: Sequence[Spent]) -> Outcome:
    return Outcome(
        tuple(m for m in made if not isinstance(m, DeadLetter)),
        tuple(m for m in made if isinstance(m, DeadLetter)),
        tuple(spent),
    )
