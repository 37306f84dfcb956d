"""How much of what is printed is read right: draw a set, run the real command on it, compare.

`python -m benchmarks.accuracy --n 200 --seed 7` draws files with their truth;
`--set DIR` scores any folder with a `truth.json` (see `specimens/`).
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet

from benchmarks.scoring import Json, Score, Scores, score
from pipeline.schema import CARD_TABLES
from specimens.sets import SHARE_OF_OTHERS, draw_set

_COLUMNS = ("cards", "found", "whole", "field_accuracy", "faces", "accepted", "wrong_in_accepted")


def main() -> int:
    """The command line; exit code 1 if a file ended nowhere."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="files to draw")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--fonts", default="development", choices=("development", "held_out", "all")
    )
    parser.add_argument(
        "--others", type=float, default=SHARE_OF_OTHERS, help="share of files without a card"
    )
    parser.add_argument("--set", type=Path, help="score this folder instead of drawing one")
    parser.add_argument("--json", type=Path, default=Path("accuracy.json"), help="figures as JSON")
    parser.add_argument("--mistakes", action="store_true", help="print every wrong field")
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = known.set or Path(folder, "set")
        if known.set is None:
            draw_set(files, known.n, known.seed, None, known.fonts, known.others)
        truth = json.loads((files / "truth.json").read_text())["files"]
        started = time.monotonic()
        rows, dead = read(files, truth, Path(folder, "out"))
        seconds = time.monotonic() - started
    scores = score(truth, rows, dead)
    print(report(scores, len(truth), seconds))
    if known.mistakes:
        for mistake in scores.mistakes:
            print(json.dumps(mistake, ensure_ascii=False))
    known.json.write_text(json.dumps(as_json(scores, len(truth), seconds), indent=1))
    return 1 if scores.nowhere else 0


def read(files: Path, truth: list[Json], output: Path) -> tuple[dict[str, list[Json]], set[str]]:
    """Run the real command on the files; gives rows by file name, and the dead-lettered files."""
    manifest = output.with_suffix(".csv")
    with manifest.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["uri", "detect_face"])
        writer.writerows([str(files / entry["file"]), 1] for entry in truth)
    command = [sys.executable, "-m", "pipeline", "--manifest", str(manifest)]
    subprocess.run([*command, "--output", str(output), "--run_id", "accuracy"], check=True)
    rows: dict[str, list[Json]] = defaultdict(list)
    for table in CARD_TABLES:
        for row in _table(output, table):
            rows[Path(row["uri"]).name].append(row)
    return rows, {Path(row["uri"]).name for row in _table(output, "dead_letter")}


def report(scores: Scores, files: int, seconds: float) -> str:
    """The figures for a person."""
    heading = "".join(f"{column:>{max(len(column), 6) + 2}}" for column in _COLUMNS)
    lines = [
        f"{files} files in {seconds:.0f} s, {seconds / files:.2f} s a file",
        " " * 26 + heading,
    ]
    groups = [("all", scores.total), *sorted(scores.by_capture.items())]
    for name, group in [*groups, ("", None), *sorted(scores.by_side.items())]:
        lines.append(_line(name, group) if group else "")
    worst = sorted(scores.wrong, key=lambda name: -scores.wrong[name] / scores.asked[name])[:10]
    lines += ["", "worst fields"]
    lines += [f"  {name:<48} {scores.wrong[name]:>3} of {scores.asked[name]}" for name in worst]
    lines += ["", "confidence      fields      said     right"]
    lines += [
        f"  from {b['from']:<8}{b['fields']:>6}{b['said']:>10.4f}{b['right']:>10.4f}"
        for b in scores.reliability()
    ]
    median, highest = scores.straightness()
    lines += [
        "",
        f"corners off by {median:.2%} of a card's width (median), {highest:.2%} (95th percentile)",
        f"spurious rows: {scores.spurious}",
        f"files that ended nowhere: {scores.nowhere}",
    ]
    return "\n".join(lines)


def as_json(scores: Scores, files: int, seconds: float) -> dict[str, Any]:
    """The figures for a program."""
    return {
        "files": files,
        "seconds": round(seconds, 1),
        "total": scores.total.as_json(),
        "by_capture": {name: group.as_json() for name, group in scores.by_capture.items()},
        "by_side": {name: group.as_json() for name, group in scores.by_side.items()},
        "wrong": dict(scores.wrong.most_common()),
        "reliability": scores.reliability(),
        "corner_errors": scores.straightness(),
        "spurious": scores.spurious,
        "nowhere": scores.nowhere,
    }


def _line(name: str, group: Score) -> str:
    figures = group.as_json()
    cells = {c: "—" if figures[c] is None else f"{figures[c]:.4g}" for c in _COLUMNS}
    return f"{name:<26}" + "".join(f"{cell:>{max(len(c), 6) + 2}}" for c, cell in cells.items())


def _table(output: Path, table: str) -> list[Json]:
    folder = output / table / "run=accuracy"
    rows: list[Json] = []
    for path in folder.glob("*.parquet"):
        rows += pyarrow.parquet.ParquetFile(path).read().to_pylist()
    return rows


if __name__ == "__main__":
    sys.exit(main())
