"""What becomes of hostile files, and what each costs at worst.

`python -m benchmarks.hostile`. Each file of `specimens.hostile` is decoded in a process of its
own, whose time and memory are measured; then all go through the real command in one run.
"""

import argparse
import logging
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
from PIL import Image

from pipeline import settings, tables
from pipeline.elements import Document, Origin
from pipeline.transforms.decode import Decode
from pipeline.transforms.stage import CHILD_BYTES, Attempt
from specimens import fonts
from specimens.designs import sides
from specimens.draw import render
from specimens.holders import invent
from specimens.hostile import ROW, Case, cases


def card(seed: int = 5) -> Image.Image:
    """The upright picture of an invented card."""
    rng = random.Random(seed)
    drawn = render(sides(rng)["dnie_2020_front"], invent(rng), rng, fonts.families("development"))
    return Image.fromarray(drawn.image)


def outcomes(output: Path) -> dict[str, str]:
    """What a run made of each file, by the file's name: `ROW` or a code."""
    rows = tables.read(str(output), "document").to_pylist()
    return {Path(row["uri"]).name: row["status"] or ROW for row in rows}


def main() -> int:
    """The command line; exit code 1 if a file did not end as it may."""
    argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__).parse_args()
    logging.disable(logging.INFO)
    every = list(cases(card()))
    with tempfile.TemporaryDirectory() as name:
        costs = [_alone(case) for case in every]
        found = run(every, Path(name))
    print(f"{'file':<24}{'bytes':>10}{'decode s':>10}{'MB':>7}  outcome")
    wrong = 0
    for case, (seconds, megabytes) in zip(every, costs, strict=True):
        outcome = found.get(case.name, "NOWHERE")
        wrong += outcome not in case.outcomes
        print(
            f"{case.name:<24}{len(case.content):>10}{seconds:>10.2f}{megabytes:>7.0f}"
            f"  {outcome}{'' if outcome in case.outcomes else '  WRONG'}"
        )
    print(f"{len(every)} files, {wrong} not as they may be")
    return int(wrong > 0)


def run(every: list[Case], folder: Path) -> dict[str, str]:
    """The real command over all files; gives their outcomes."""
    inputs, output = folder / "in", folder / "out"
    inputs.mkdir()
    for case in every:
        (inputs / case.name).write_bytes(case.content)
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "pipeline", "--input", str(inputs), "--output", str(output)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    print(f"one run over {len(every)} files: {time.monotonic() - started:.0f} s")
    return outcomes(output)


def _alone(case: Case) -> tuple[float, float]:
    """Seconds that decoding takes, and megabytes at most, its child processes' included."""
    process = multiprocessing.get_context("fork").Process(target=_decode, args=(case.content,))
    started = time.monotonic()
    process.start()
    watched, most = psutil.Process(process.pid), 0
    while process.is_alive():
        with suppress(psutil.Error):
            held = [watched, *watched.children(recursive=True)]
            # what is not shared with this process, of which it is a copy
            most = max(most, sum(each.memory_full_info().uss for each in held))
        time.sleep(0.002)
    return time.monotonic() - started, most / 1e6


def _decode(content: bytes) -> None:
    limits = settings.load(settings.CONFIGS / "default.yaml", settings.LAYOUTS).limits
    attempt = Attempt(Decode(limits), limit=CHILD_BYTES)
    attempt.setup()
    list(attempt.process(Document(Origin("file", "TID"), content)))


if __name__ == "__main__":
    sys.exit(main())
