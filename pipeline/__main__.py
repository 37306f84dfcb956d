"""`python -m pipeline`: options → settings → graph → run → summary."""

import datetime
import logging
import multiprocessing
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

# one thread per worker: parallelism is the runner's, and is set before any native library loads
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
# Beam warns about optional packages, and logs exceptions whole: these may repeat what a card says
logging.basicConfig(level=logging.CRITICAL)

import apache_beam as beam
import grpc
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics.cells import DistributionResult
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult

from pipeline import __version__, runner
from pipeline.build import build
from pipeline.options import Options, UsageError, parse
from pipeline.settings import ConfigurationError, Settings, load
from pipeline.transforms import progress
from pipeline.transforms.commit import NotAccounted
from pipeline.transforms.runs import RunInProgress, claimed, commit, recorded, withdraw

_TICK_SECONDS = 1.0


def main(arguments: Sequence[str]) -> int:
    """Run the pipeline; gives the exit code.

    0 complete, 1 too many dead letters, 2 bad usage, 3 not finished: nothing is committed,
    130 interrupted: the same.
    """
    try:
        options = parse(arguments)
        settings = load(options.config, options.layouts)
    except (UsageError, ConfigurationError) as error:
        print(f"python -m pipeline: {error}", file=sys.stderr)
        return 2
    started = datetime.datetime.now(datetime.UTC)
    facts = {
        "pipeline_version": __version__,
        "started_at": started.isoformat(timespec="seconds"),
        "options": {
            "input": options.inputs,
            "manifest": options.manifest,
            "detect_face": options.detect_face,
            "config": str(options.config),
        },
        "versions": {"python": sys.version.split()[0], "apache-beam": beam.__version__},
    }
    os.umask(0o077)  # tables and record are for their owner alone
    # the child that documents are read in is no copy of this process: one with threads may crash
    multiprocessing.set_start_method("forkserver", force=True)
    multiprocessing.set_forkserver_preload(["pipeline.build"])
    # what fails in one of Beam's threads fails the run, too; its text may repeat what a card says
    threading.excepthook = lambda _: None
    try:
        with runner.interruptible(), claimed(options.output, options.run_id):
            record = _run(options, settings, facts)
    except RunInProgress as error:
        print(f"python -m pipeline: {error}", file=sys.stderr)
        return 2
    except (RuntimeError, OSError, BeamIOError, grpc.RpcError, KeyboardInterrupt) as error:
        again = f"run {options.run_id} is not committed; run it again with --run_id"
        cause = _cause(error, runner.is_local(options.beam))
        print(f"python -m pipeline: {cause}; {again} {options.run_id}", file=sys.stderr)
        return 130 if isinstance(error, KeyboardInterrupt) else 3
    if record is None:
        print(f"Run {options.run_id} is handed over; it ends with its record in {options.output}")
        return 0
    print(summary(record, options))
    ratio = options.fail_on_dead_letter_ratio
    failed = record.get("dead_lettered", 0) / max(record.get("documents", 0), 1)
    return 1 if ratio is not None and failed > ratio else 0


def _run(options: Options, settings: Settings, facts: dict[str, Any]) -> dict[str, Any] | None:
    """Clear what an earlier run of this name left, run the graph; gives the run's record.

    None if the graph was only handed over, as the launcher of a template does.
    """
    withdraw(options.output, options.run_id)
    words = runner.with_defaults(options.beam)
    pipeline = beam.Pipeline(runner.local(words), PipelineOptions([*words]))
    with _progress(words) as folder:
        build(pipeline, options, settings, facts, folder)
        result = pipeline.run()
        if runner.is_template(words):
            return None
        result.wait_until_finish()
    # the graph has committed the run; what Beam counted is known only now
    record = recorded(options.output, options.run_id) | {"metrics": _metrics(result)}
    commit(options.output, record)
    return record


@contextmanager
def _progress(words: Sequence[str]) -> Iterator[str | None]:
    """A folder that workers of this machine tick in, shown as it fills; None for other runners'."""
    if not runner.is_local(words):
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, _ProgressLine(folder, sys.stderr):
        yield folder


def _cause(error: BaseException, is_local: bool) -> str:
    """Why a run ended early, in words that are ours or the system's.

    Others are left out, for they may repeat what a card says; Beam hands on texts alone.
    """
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    text = str(error)
    step = re.search(r"while running '([^'/]*)", text)
    where = f" in {step[1]}" if step else ""
    if found := re.search(r"\[Errno (\d+)\]", text):
        return os.strerror(int(found[1])) + where
    if found := re.search(rf"{NotAccounted.__name__}: ([\w ]+)", text):
        return found[1].strip()
    if not is_local:
        return "the runner gave up; its own log says why"
    kind = re.match(r"([\w.]+): ", text)
    return f"{kind[1] if kind else type(error).__name__}{where}; report it if it repeats"


def _metrics(result: PipelineResult) -> dict[str, dict[str, Any]]:
    """What our stages counted and timed, by namespace and name."""
    metrics: dict[str, dict[str, Any]] = {}
    found = result.metrics().query()
    for metric in (*found["counters"], *found["distributions"]):
        name, value = metric.key.metric, metric.result
        if name.namespace == "beam":  # what a runner counts of itself
            continue
        if isinstance(value, DistributionResult):
            value = {"count": value.count, "sum": value.sum, "min": value.min, "max": value.max}
        metrics.setdefault(name.namespace, {})[name.name] = value
    return metrics


class _ProgressLine:
    """`123 documents, 140 cards, 2 dead letters, 1.9 documents/s`, kept current on a terminal."""

    def __init__(self, folder: str, stream: TextIO) -> None:
        self._folder, self._stream = folder, stream
        self._started = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._stream.write("\n")

    def _run(self) -> None:
        interval = _TICK_SECONDS if self._stream.isatty() else 10 * _TICK_SECONDS
        while not self._over.wait(interval):
            self._show()
        self._show()

    def _show(self) -> None:
        done = progress.counts(self._folder)
        rate = done["documents"] / (time.monotonic() - self._started)
        text = (
            f"{done['documents']} documents, {done['cards']} cards, "
            f"{done['dead_letters']} dead letters, {rate:.1f} documents/s"
        )
        start, end = ("\r", "") if self._stream.isatty() else ("", "\n")
        self._stream.write(f"{start}{text:<70}{end}")
        self._stream.flush()


def summary(record: dict[str, Any], options: Options) -> str:
    """What a person wants to know when the run is over."""
    cards, accepted = record["cards"], record["accepted"]
    total = sum(cards.values())
    lines = [f"Run {record['run_id']}: {record.get('documents', 0)} documents, {total} cards"]
    for table, count in sorted(cards.items()):
        share = accepted.get(table, 0) / count
        lines.append(f"  {table:<12} {count:>8}   {share:>4.0%} accepted without review")
    dead = record["dead_letters"]
    lines.append(f"Dead letters: {sum(dead.values())}")
    lines += [f"  {status:<20} {count:>8}" for status, count in sorted(dead.items())]
    lines.append(f"Tables in {options.output}; for example:")
    table = max(cards, key=lambda name: cards[name]) if cards else "dead_letter"
    path = FileSystems.join(options.output, table, f"run={options.run_id}", "*.parquet")
    lines.append(f"  duckdb -c \"SELECT * FROM '{path}'\"")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
