"""Memory, rate, processes and open files of one long run of the real command.

`python -m benchmarks.load --documents 5000`: drawn files, each read many times under other names.
A line is printed every half a minute.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from specimens.sets import draw_set

_EVERY_SECONDS = 30
_DRAWN = 200
"""Different files."""


def main() -> int:
    """The command line; exit code 1 if the run failed or left a process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as created:
        folder = Path(created)
        draw_set(folder / "drawn", min(_DRAWN, known.documents), known.seed)
        (folder / "drawn" / "truth.json").unlink()
        (folder / "in").mkdir()
        drawn = sorted((folder / "drawn").iterdir())
        for number in range(known.documents):
            path = drawn[number % len(drawn)]
            os.link(path, folder / "in" / f"{number:06}{path.suffix}")
        words = ["--input", str(folder / "in"), "--output", str(folder / "out")]
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        left = _watch(process)
    print(f"exit code {process.returncode}; processes left: {left}")
    return int(bool(process.returncode or left))


def _watch(process: subprocess.Popen[str]) -> int:
    """Print what the run's processes take until it ends; gives how many of them outlive it."""
    told = _Told(process.stderr)
    run = psutil.Process(process.pid)
    seen: set[psutil.Process] = set()
    started = time.monotonic()
    print(f"{'s':>6}{'documents':>11}{'MB':>8}{'processes':>11}{'open files':>12}")
    while process.poll() is None:
        megabytes, files, processes = 0.0, 0, [run, *run.children(recursive=True)]
        seen.update(processes)
        for each in processes:
            with suppress(psutil.Error):
                megabytes += each.memory_full_info().pss / 1e6
                files += each.num_fds()
        seconds = time.monotonic() - started
        count = len(processes)
        print(
            f"{seconds:>6.0f}{told.documents:>11}{megabytes:>8.0f}{count:>11}{files:>12}",
            flush=True,
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(_EVERY_SECONDS)
    return sum(each.is_running() for each in seen)


class _Told:
    """The number of documents that the progress line told last."""

    def __init__(self, stream: IO[str] | None) -> None:
        self.documents = 0
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            if found := re.match(r"(\d+) documents", line):
                self.documents = int(found[1])


if __name__ == "__main__":
    sys.exit(main())
