"""The same run on this machine's local runner and on a Flink cluster: tables, and wall time.

`python -m benchmarks.flink --documents 300 --seed 7`, after `make .flink/.ready`; `make flink`
does both. Reads `samples/` and drawn cards with one worker, with a worker a core, on a cluster of
two TaskManagers, and again with one of these killed half-way.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.agreement import compared, standing
from deploy.flink import cluster
from specimens.sets import draw_set

_ROOT = Path(__file__).parent.parent
_READING = "Cards"
"""A step that Flink is at while documents are read."""


def main() -> int:
    """The command line; exit code 1 if a row differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flink", description=__doc__)
    parser.add_argument("--documents", type=int, default=300, help="drawn, besides the samples")
    parser.add_argument("--seed", type=int, default=7)
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as created:
        folder = Path(created)
        inputs = folder / "in"
        draw_set(inputs, known.documents, known.seed)
        (inputs / "truth.json").unlink()
        shutil.copytree(_ROOT / "samples", inputs / "samples")
        print(f"{'run':<32}{'s':>8}{'documents':>11}{'cards':>7}{'dead letters':>14}")
        one = _run(inputs, folder / "one", "one worker", ["--direct_num_workers=1"])
        cores = _run(inputs, folder / "cores", "a worker a core", [])
        print(f"{'':<32}{one / cores:>8.2f} times as fast", flush=True)
        with cluster.Cluster(folder) as flink:
            options = cluster.options(flink)
            _run(inputs, folder / "flink", "Flink", options)
            killed = _start(inputs, folder / "killed", options)
            started = time.monotonic()
            flink.wait_for(_READING)
            time.sleep(cores / 2)
            flink.kill("taskmanager-1")
            _finish(killed)
            _tell("Flink, a TaskManager killed", folder / "killed", time.monotonic() - started)
        alone = standing(str(folder / "one"))
        others = ("cores", "flink", "killed")
        return int(sum(compared(alone, standing(str(folder / name)), name) for name in others) > 0)


def _start(inputs: Path, output: Path, options: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline", "--input", str(inputs), "--output", str(output)]
    return subprocess.Popen(
        [*command, "--run_id", "run", *options],
        cwd=_ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _run(inputs: Path, output: Path, name: str, options: list[str]) -> float:
    """Run the real command; gives its wall time in seconds."""
    started = time.monotonic()
    _finish(_start(inputs, output, options))
    seconds = time.monotonic() - started
    _tell(name, output, seconds)
    return seconds


def _finish(process: subprocess.Popen[bytes]) -> None:
    if process.wait():
        raise RuntimeError(f"the run ended with exit code {process.returncode}")


def _tell(name: str, output: Path, seconds: float) -> None:
    record = json.loads((output / "_runs" / "run.json").read_text())
    cards, dead_letters = (sum(record[key].values()) for key in ("cards", "dead_letters"))
    print(
        f"{name:<32}{seconds:>8.1f}{record['documents']:>11}{cards:>7}{dead_letters:>14}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
