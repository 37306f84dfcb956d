"""Where a pipeline runs: on every core of this machine, unless Beam's options say otherwise."""

import os
import shlex
import sys
from collections.abc import Sequence

from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    StandardOptions,
)
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

_WORKER_BYTES = 1024**3
"""What a worker needs at most: models, and the largest page that the limits allow."""


def with_defaults(words: Sequence[str]) -> list[str]:
    """Beam's options, and what we choose where they do not: all cores, and silent workers.

    What workers log may repeat what a card says.
    """
    defaults = {
        "--default_sdk_harness_log_level": "CRITICAL",
        "--direct_num_workers": str(_workers()),
    }
    given = {word.partition("=")[0] for word in words}
    return [*words, *(f"{k}={v}" for k, v in defaults.items() if k not in given)]


def is_local(words: Sequence[str]) -> bool:
    """Whether all of a run happens on this machine."""
    name = PipelineOptions([*words]).view_as(StandardOptions).runner
    return name in (None, "DirectRunner")


def local(words: Sequence[str]) -> PipelineRunner | None:
    """Beam's local runner with a process for each worker; None if one is enough, or not local.

    `words` are Beam's options, `with_defaults`.
    """
    if not is_local(words) or any(word.startswith("--direct_running_mode") for word in words):
        return None
    if PipelineOptions([*words]).view_as(DirectOptions).direct_num_workers == 1:
        return None
    command = f"exec {shlex.quote(sys.executable)} -m pipeline.worker"  # Beam asks a shell
    return FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(command))


def _workers() -> int:
    """How many processes this machine has cores and memory for."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(len(os.sched_getaffinity(0)), memory // _WORKER_BYTES))
