"""What users would pick instead, on the same files: whole-page Tesseract and whole-page RapidOCR.

`python -m benchmarks.peers --n 100 --seed 7`. Every contender runs alone on one core. The peers are
given more than a user could wire up in an afternoon: the true corners of each card, so that they
need not find it, and this project's own label matcher, kinds of value and rules.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import read
from benchmarks.scoring import Json, Score, score
from pipeline import settings
from pipeline.cards.anchor import anchor
from pipeline.cards.classify import recognise
from pipeline.cards.row import row
from pipeline.elements import Line, Origin, Reading
from pipeline.ocr import images, pdf
from pipeline.ocr.geometry import quad_to_unit
from pipeline.settings import Settings
from specimens.sets import draw_set

PRICE_PER_CORE_HOUR = 0.04
"""US dollars; about what large clouds ask for a core of a general-purpose machine on demand."""

Words = list[tuple[str, float, NDArray[np.float64]]]
"""Text, confidence 0..1, corners (4, 2) px of the page."""


@dataclass(frozen=True)
class Result:
    """What a contender read, and what it took."""

    name: str
    score: Score
    cpu_seconds: float
    """A page, start-up not counted."""
    peak_mb: float


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="files to draw")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fonts", default="held_out", choices=("development", "held_out", "all"))
    parser.add_argument("--set", type=Path, help="use this folder instead of drawing one")
    parser.add_argument("--contenders", default=",".join(CONTENDERS))
    parser.add_argument("--json", type=Path, default=Path("peers.json"), help="figures as JSON")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    known = parser.parse_args()
    if known.worker:
        _work(known.worker[0], known.set, Path(known.worker[1]))
        return 0
    os.sched_setaffinity(0, {0})
    os.environ |= {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
    with tempfile.TemporaryDirectory() as folder:
        files = known.set or Path(folder, "set")
        if known.set is None:
            draw_set(files, known.n, known.seed, which_fonts=known.fonts)
        truth = json.loads((files / "truth.json").read_text())["files"]
        results = [_contend(name, files, truth, folder) for name in known.contenders.split(",")]
    print(report(results, len(truth)))
    known.json.write_text(json.dumps([_as_json(result) for result in results], indent=1))
    return 0


def report(results: list[Result], files: int) -> str:
    """The figures for a person."""
    lines = [
        f"{files} files, one core, {PRICE_PER_CORE_HOUR:.2f} USD a core hour",
        f"{'':<26}{'fields':>9}{'whole':>9}{'CPU s/page':>12}{'peak MB':>9}{'USD/million':>13}",
    ]
    for result in results:
        share = result.score.as_json()
        lines.append(
            f"{result.name:<26}{share['field_accuracy']:>9.3f}{share['whole']:>9.3f}"
            f"{result.cpu_seconds:>12.3f}{result.peak_mb:>9.0f}{_cost(result):>13.2f}"
        )
    return "\n".join(lines)


def _cost(result: Result) -> float:
    return result.cpu_seconds * 1e6 / 3600 * PRICE_PER_CORE_HOUR


def _as_json(result: Result) -> Json:
    return result.score.as_json() | {
        "name": result.name,
        "cpu_seconds": round(result.cpu_seconds, 4),
        "peak_mb": round(result.peak_mb),
        "usd_per_million_pages": round(_cost(result), 2),
    }


def _contend(name: str, files: Path, truth: list[Json], folder: str) -> Result:
    """Run one contender on the first file alone, then on all: the difference is the reading."""
    start, _, _ = _apart(name, files, truth[:1], Path(folder, f"{name}-start"))
    cpu, peak, rows = _apart(name, files, truth, Path(folder, name))
    # files that gave nothing are right if they hold nothing; where they ended is another benchmark
    scored = score(truth, rows, {entry["file"] for entry in truth})
    return Result(name, scored.total, (cpu - start) / (len(truth) - 1), peak)


Rows = dict[str, list[Json]]


def _apart(name: str, files: Path, truth: list[Json], output: Path) -> tuple[float, float, Rows]:
    """CPU seconds, peak in MB and rows of a contender in a process of its own."""
    part = output.with_suffix(".json")
    part.write_text(json.dumps({"files": truth}))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    worker = [sys.executable, "-m", "benchmarks.peers", "--set", str(files)]
    subprocess.run([*worker, "--worker", name, str(part)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(part.read_text())
    return seconds, told["peak_mb"], defaultdict(list, told["rows"])


def _work(name: str, files: Path, part: Path) -> None:
    """Read the files of a truth; what was read takes the truth's place."""
    truth = json.loads(part.read_text())["files"]
    engine = CONTENDERS[name]
    kilobytes = 0
    if engine is None:
        rows, _ = read(files, truth, part.with_suffix(""))
    else:
        rows = _read_by(engine(), files, truth)
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # an engine that is a program of its own runs beside the process that calls it
    kilobytes += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    part.write_text(json.dumps({"rows": rows, "peak_mb": kilobytes / 1024}, default=str))


def _read_by(engine: Callable[[NDArray[np.uint8]], Words], files: Path, truth: list[Json]) -> Rows:
    cv2.setNumThreads(1)
    configuration = settings.load(settings.CONFIGS / "default.yaml", settings.LAYOUTS)
    return {
        entry["file"]: [
            found
            for number, page in _pages((files / entry["file"]).read_bytes(), configuration)
            for found in _rows(engine(page), entry["cards"], number, configuration)
        ]
        for entry in truth
    }


def _pages(content: bytes, configuration: Settings) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    limits = configuration.limits
    if images.content_type(content) != "PDF":
        yield 1, images.decode(content, limits)
        return
    for number, size in enumerate(pdf.page_sizes(content, limits), 1):
        yield number, pdf.render(content, limits, number, size)


def _rows(
    words: Words, cards: list[Json], page: int, configuration: Settings
) -> Iterator[dict[str, Any]]:
    """Rows of the cards whose outlines hold the words."""
    layouts = {layout.name: layout for layout in configuration.layouts}
    for card in (card for card in cards if card["page"] == page):
        corners = np.array(card["corners"], float)
        lines = [
            Line(text, *_box(quad, corners), (sure,) * len(text)) for text, sure, quad in words
        ]
        own = [line for line in lines if 0 < line.x + line.w / 2 < 1 and 0 < line.middle < 1]
        found = recognise(configuration.layouts, own)
        if not found.certain:
            continue
        layout = layouts[found.layout.name]
        zone = layout.mrz
        rows = [la for la in own if zone and zone[1] <= la.middle <= zone[1] + zone[3]]
        fields = anchor(layout, [line for line in own if line not in rows]).values
        missing = frozenset(layout.fields) - set(fields)
        zone_rows = tuple(sorted(rows, key=lambda line: line.y))
        reading = Reading(
            Origin("", "", page=page), 0, layout.name, corners, fields, {},
            frozenset(), missing, (zone_rows,), (), None,
        )  # fmt: skip
        yield row(reading, layout, configuration.judge, datetime.now(UTC))


def _box(
    quad: NDArray[np.float64], corners: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    unit = quad_to_unit(quad, corners)
    (left, top), (right, bottom) = unit.min(axis=0), unit.max(axis=0)
    return float(left), float(top), float(right - left), float(bottom - top)


def _tesseract() -> Callable[[NDArray[np.uint8]], Words]:
    """`pytesseract` with Spanish, as its documentation calls it; words joined to lines."""
    import pytesseract

    def engine(page: NDArray[np.uint8]) -> Words:
        data = pytesseract.image_to_data(page, lang="spa", output_type=pytesseract.Output.DICT)
        lines: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for i, text in enumerate(data["text"]):
            if text.strip():
                key = (data["block_num"][i], data["par_num"][i], data["line_num"][i])
                lines[key].append(i)
        words: Words = []
        for line in (part for indices in lines.values() for part in _parted(data, indices)):
            text = " ".join(data["text"][i] for i in line)
            left, top = (min(data[side][i] for i in line) for side in ("left", "top"))
            right = max(data["left"][i] + data["width"][i] for i in line)
            bottom = max(data["top"][i] + data["height"][i] for i in line)
            quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
            words.append((text, min(float(data["conf"][i]) for i in line) / 100, quad))
        return words

    return engine


def _parted(data: dict[str, Any], line: list[int]) -> Iterator[list[int]]:
    """A line of words, parted where the gap is wider than it is high: columns of a card."""
    start = 0
    for place in range(1, len(line)):
        before, after = line[place - 1], line[place]
        gap = data["left"][after] - data["left"][before] - data["width"][before]
        if gap > 1.2 * max(data["height"][before], data["height"][after]):
            yield line[start:place]
            start = place
    yield line[start:]


def _rapidocr() -> Callable[[NDArray[np.uint8]], Words]:
    """RapidOCR with its default models and settings."""
    from rapidocr import RapidOCR

    reader = RapidOCR()

    def engine(page: NDArray[np.uint8]) -> Words:
        found = reader(page[:, :, ::-1])
        if found.txts is None:
            return []
        return [
            (text, float(sure), np.asarray(quad, float))
            for text, sure, quad in zip(found.txts, found.scores, found.boxes, strict=True)
        ]

    return engine


CONTENDERS = {"this pipeline": None, "pytesseract": _tesseract, "RapidOCR": _rapidocr}
"""What makes each engine; None for the real command."""


if __name__ == "__main__":
    sys.exit(main())
