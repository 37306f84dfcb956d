"""Fits what confidences say to how often readings are right: writes `configs/confidence.yaml`.

`python -m benchmarks.calibration --n 600 --seed 1001` reads drawn cards of the development
typefaces and fits a logistic regression over the evidence for each value. What came of it on other
typefaces is the reliability table of `benchmarks.accuracy`.
"""

import argparse
import datetime
import json
import math
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from benchmarks.scoring import Json, same_place
from benchmarks.speed import stages
from pipeline import settings
from pipeline.cards.confidence import Evidence, Weights, features
from pipeline.cards.row import drafted
from pipeline.elements import DeadLetter, Origin, Reading, Source
from pipeline.errors import CardError
from pipeline.settings import Settings
from specimens.sets import draw_set

_HEADING = (
    "# Weights of the confidence in a field, in logits; fitted by"
    " `python -m benchmarks.calibration`.\n"
)
_RIDGE = 0.3
"""Strength of the prior that weights are 0, in observations."""
_ROUNDS = 50


@dataclass(frozen=True)
class Observation:
    """One field that was read: its kind, what spoke for it, and whether it is right."""

    kind: str
    evidence: Evidence | None
    """None: the field was said to be empty."""
    bare: bool
    """Its place was seen to be so."""
    right: bool


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--n", type=int, default=600, help="files to draw")
    parser.add_argument("--seed", type=int, default=1001)
    parser.add_argument("--set", type=Path, help="read this folder instead of drawing one")
    parser.add_argument("--processes", type=int, default=2)
    known = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = known.set or Path(folder, "set")
        if known.set is None:
            draw_set(files, known.n, known.seed)
        truth = json.loads((files / "truth.json").read_text())["files"]
        parts = [truth[i :: known.processes] for i in range(known.processes)]
        with ProcessPoolExecutor(known.processes) as pool:
            read = pool.map(_observe, [files] * len(parts), parts)
            observations = [observation for part in read for observation in part]
    weights = fit(observations)
    content = yaml.safe_dump(weights.model_dump(), sort_keys=False)
    settings.WEIGHTS.write_text(_HEADING + content)
    print(f"{len(observations)} fields, {sum(not o.right for o in observations)} wrong")
    print(content)


def fit(observations: list[Observation]) -> Weights:
    """The weights under which what was observed is likeliest, and few are large."""
    valued = [o for o in observations if o.evidence is not None]
    kinds = sorted({o.kind for o in valued})
    rows = np.array(
        [
            [*features(o.evidence), *(float(o.kind == kind) for kind in kinds)]
            for o in valued
            if o.evidence
        ]
    )
    solved = _logistic(rows, np.array([o.right for o in valued], float))
    names = [name for name in Weights.model_fields if name not in ("bare", "unclear", "kinds")]
    return Weights(
        **{name: round(float(w), 3) for name, w in zip(names, solved, strict=False)},
        bare=_logit([o.right for o in observations if o.evidence is None and o.bare]),
        unclear=_logit([o.right for o in observations if o.evidence is None and not o.bare]),
        kinds={
            kind: round(float(w), 3) for kind, w in zip(kinds, solved[len(names) :], strict=True)
        },
    )


def _logit(right: list[bool]) -> float:
    """Of the share that is right, one of each added."""
    return round(math.log((sum(right) + 1) / (len(right) - sum(right) + 1)), 3)


def _logistic(rows: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ridge logistic regression by Newton's method; the first column, the bias, is free."""
    weights = np.zeros(rows.shape[1])
    ridge = np.full(rows.shape[1], _RIDGE)
    ridge[0] = 1e-6
    for _ in range(_ROUNDS):
        said = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (right - said) - ridge * weights
        curve = (rows * (said * (1 - said))[:, None]).T @ rows + np.diag(ridge)
        weights += np.linalg.solve(curve, slope)
    return weights


def _observe(files: Path, truth: list[Json]) -> list[Observation]:
    """What was read of these files."""
    cv2.setNumThreads(1)
    configuration = settings.load(settings.CONFIGS / "default.yaml", settings.LAYOUTS)
    return [o for entry in truth for o in _of_file(files, entry, configuration)]


def _of_file(files: Path, entry: Json, configuration: Settings) -> Iterator[Observation]:
    layouts = {layout.name: layout for layout in configuration.layouts}
    elements: list[Any] = [Source(Origin(str(files / entry["file"]), ""))]
    for stage in stages(configuration)[:-1]:
        made: list[Any] = []
        for element in elements:
            try:
                made += [m for m in stage.each(element) if not isinstance(m, DeadLetter)]
            except CardError:
                continue
        elements = made
    now = datetime.datetime.now(datetime.UTC)
    for reading in elements:
        layout = layouts[reading.layout]
        card = _truth_of(reading, entry["cards"])
        if card is None or f"{card['layout']}_{card['card_side']}" != layout.name:
            continue
        draft = drafted(reading, layout, now)
        for name, text in draft.texts.items():
            if name in layout.fields:
                right = text == card["fields"][name]
                evidence, bare = draft.evidence.get(name), draft.absent.get(name, False)
                yield Observation(layout.fields[name].kind, evidence, bare, right)


def _truth_of(reading: Reading, cards: list[Json]) -> Json | None:
    for card in cards:
        if card["page"] == reading.origin.page and same_place(
            reading.corners, np.array(card["corners"])
        ):
            return card
    return None


if __name__ == "__main__":
    main()
