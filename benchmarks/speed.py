"""Where the time goes: CPU milliseconds a page in each stage, one process, one core.

`python -m benchmarks.speed --n 100 --seed 7`. The stages run as the pipeline runs them, without
Beam between them; what Beam and writing add is the real command's CPU time less theirs.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2

from benchmarks.accuracy import read
from pipeline import settings
from pipeline.build import reading
from pipeline.elements import DeadLetter, Origin, Source
from pipeline.errors import CardError
from pipeline.settings import Settings
from pipeline.transforms.read import Read
from pipeline.transforms.stage import Stage
from specimens.sets import draw_set


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="files to draw")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--set", type=Path, help="read this folder instead of drawing one")
    parser.add_argument("--json", type=Path, default=Path("speed.json"), help="figures as JSON")
    known = parser.parse_args()
    os.sched_setaffinity(0, {0})
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        files = known.set or Path(folder, "set")
        if known.set is None:
            draw_set(files, known.n, known.seed)
        truth = json.loads((files / "truth.json").read_text())["files"]
        uris = [str(files / entry["file"]) for entry in truth]
        configuration = settings.load(settings.CONFIGS / "default.yaml", settings.LAYOUTS)
        chain = stages(configuration)
        measure(chain, uris[:3])  # models load
        seconds, pages, _ = measure(chain, uris)
        first, _ = _command(files, truth[:1], Path(folder, "first"))
        whole, _ = _command(files, truth, Path(folder, "all"))
    figures = {name: 1000 * spent / pages for name, spent in seconds.items()}
    rest = 1000 * (whole - first) / pages - sum(figures.values())
    figures |= {"Beam and write": rest, "all": 1000 * (whole - first) / pages}
    print(f"{len(uris)} files, {pages} pages, one core; start-up {first:.1f} s, not counted")
    for name, spent in figures.items():
        print(f"  {name:<16}{spent:>8.1f} ms CPU a page")
    known.json.write_text(json.dumps({k: round(v, 2) for k, v in figures.items()}, indent=1))


def stages(configuration: Settings) -> tuple[Stage, ...]:
    """From a source to its rows."""
    return (Read(configuration.limits), *reading(configuration))


Rows = dict[str, list[dict[str, Any]]]


def measure(chain: Sequence[Stage], uris: Sequence[str]) -> tuple[dict[str, float], int, Rows]:
    """Read documents without Beam.

    Gives the CPU seconds of this process and of those it waited for in each stage, the number of
    pages decoded, and the rows by file name.
    """
    seconds: dict[str, float] = defaultdict(float)
    pages, rows = 0, {}
    for uri in uris:
        elements: list[Any] = [Source(Origin(uri, "", detect_face=True))]
        for stage in chain:
            made: list[Any] = []
            started = _cpu()
            for element in elements:
                try:
                    made += [m for m in stage.each(element) if not isinstance(m, DeadLetter)]
                except CardError:
                    continue
            seconds[stage.name] += _cpu() - started
            elements = made
            pages += len(made) if stage.name == "decode" else 0
        rows[Path(uri).name] = [element.values for element in elements]
    return seconds, pages, rows


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _command(files: Path, truth: list[dict[str, Any]], output: Path) -> tuple[float, int]:
    before = _cpu()
    rows, _ = read(files, truth, output)
    return _cpu() - before, len(rows)


if __name__ == "__main__":
    main()
