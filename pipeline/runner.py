"""Where a pipeline runs: on every core of this machine, unless Beam's options say otherwise."""

import os
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from apache_beam.options.pipeline_options import (
    DirectOptions,
    GoogleCloudOptions,
    PipelineOptions,
    StandardOptions,
)
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

_WORKER_BYTES = 1024**3
"""What a worker needs at most: models, and the largest page that the limits allow."""

_SCAN_SECONDS = 0.1
_ROOT = Path(__file__).parent.parent
"""What workers import `pipeline` from."""


def with_defaults(words: Sequence[str]) -> list[str]:
    """Beam's options and ours: all cores, unless they say otherwise, and silent workers."""
    ours = ["--beam_plugin=pipeline.worker"]  # every worker of any runner loads it first
    if not any(word.startswith("--direct_num_workers") for word in words):
        ours.append(f"--direct_num_workers={_workers()}")
    return [*words, *ours]


def is_local(words: Sequence[str]) -> bool:
    """Whether all of a run happens on this machine."""
    name = PipelineOptions([*words]).view_as(StandardOptions).runner
    return name in (None, "DirectRunner")


def is_template(words: Sequence[str]) -> bool:
    """Whether the graph is only written down, for Dataflow to run."""
    return PipelineOptions([*words]).view_as(GoogleCloudOptions).template_location is not None


def local(words: Sequence[str]) -> PipelineRunner | None:
    """Beam's local runner with a process for each worker; None if one is enough, or not local.

    `words` are Beam's options, `with_defaults`.
    """
    if not is_local(words) or any(word.startswith("--direct_running_mode") for word in words):
        return None
    if PipelineOptions([*words]).view_as(DirectOptions).direct_num_workers == 1:
        return None
    # a shell runs it, in the folder that this process is in, which need not be ours
    path = shlex.quote(f"{_ROOT}{os.pathsep}") + "$PYTHONPATH"
    command = f"PYTHONPATH={path} exec {shlex.quote(sys.executable)} -m pipeline.worker"
    return FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(command))


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end a run's processes at once; Beam would wait for what each of them is doing."""
    over = threading.Event()

    def end_processes() -> None:
        while not over.wait(_SCAN_SECONDS):  # again, for some may be just starting
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def interrupt(*_: object) -> None:
        threading.Thread(target=end_processes, daemon=True).start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        over.set()
        signal.signal(signal.SIGINT, before)


def _workers() -> int:
    """How many processes this machine has cores and memory for."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(os.sched_getaffinity(0)), memory // _WORKER_BYTES))
