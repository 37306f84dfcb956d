"""What each part of the reading engine is worth: the same files with one part left out at a time.

`python -m benchmarks.ablation --n 200 --seed 7`. The stages run without Beam between them.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2

from benchmarks.scoring import Json, Scores, score
from benchmarks.speed import Rows, measure, stages
from pipeline import settings
from pipeline.settings import Settings
from specimens.sets import draw_set


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="files to draw")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fonts", default="held_out", choices=("development", "held_out", "all"))
    parser.add_argument("--set", type=Path, help="read this folder instead of drawing one")
    parser.add_argument("--processes", type=int, default=2)
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = known.set or Path(folder, "set")
        if known.set is None:
            draw_set(files, known.n, known.seed, which_fonts=known.fonts)
        truth = json.loads((files / "truth.json").read_text())["files"]
        print(f"{'':<34}{'found':>8}{'fields':>8}{'whole':>8}{'accepted':>10}{'CPU ms/page':>13}")
        for name in VARIANTS:
            scores, milliseconds = _read(name, files, truth, known.processes)
            share = scores.total.as_json()
            print(
                f"{name:<34}{share['found']:>8.3f}{share['field_accuracy']:>8.3f}"
                f"{share['whole']:>8.3f}{share['accepted']:>10.3f}{milliseconds:>13.0f}",
                flush=True,
            )


def _read(name: str, files: Path, truth: list[Json], processes: int) -> tuple[Scores, float]:
    uris = [str(files / entry["file"]) for entry in truth]
    parts = [uris[i::processes] for i in range(processes)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        read = list(pool.map(_part, [name] * processes, parts))
    rows: Rows = {}
    for _, _, own in read:
        rows |= own
    scores = score(truth, rows, {file for file, own in rows.items() if not own})
    return scores, 1000 * sum(seconds for seconds, _, _ in read) / sum(n for _, n, _ in read)


def _part(name: str, uris: list[str]) -> tuple[float, int, Rows]:
    cv2.setNumThreads(1)
    configuration = settings.load(settings.CONFIGS / "default.yaml", settings.LAYOUTS)
    chain = stages(VARIANTS[name](configuration))
    measure(chain, uris[:1])  # models load
    seconds, pages, rows = measure(chain, uris)
    return sum(seconds.values()), pages, rows


def _as_it_is(configuration: Settings) -> Settings:
    return configuration


def _first_engine_alone(configuration: Settings) -> Settings:
    reader = configuration.reader.model_copy(
        update={"careful_engine": configuration.reader.engine, "careful_below": 0.0}
    )
    return configuration.model_copy(update={"reader": reader})


def _careful_engine_for_all(configuration: Settings) -> Settings:
    reader = configuration.reader.model_copy(
        update={"engine": configuration.reader.careful_engine, "careful_below": 0.0}
    )
    return configuration.model_copy(update={"reader": reader})


def _without(*rules: str) -> Callable[[Settings], Settings]:
    def without(configuration: Settings) -> Settings:
        layouts = tuple(
            layout.model_copy(update={"rules": tuple(r for r in layout.rules if r not in rules)})
            for layout in configuration.layouts
        )
        return configuration.model_copy(update={"layouts": layouts})

    return without


VARIANTS: dict[str, Callable[[Settings], Settings]] = {
    "as it is": _as_it_is,
    "the first engine alone": _first_engine_alone,
    "the careful engine for everything": _careful_engine_for_all,
    "without the machine-readable zone": _without("mrz"),
    "without the table of places": _without("place_of_residence", "place_of_birth"),
    "without any rule": _without("mrz", "place_of_residence", "place_of_birth", "date_order"),
}


if __name__ == "__main__":
    main()
