"""`python -m specimens --output DIR --n 200 --seed 7`: draw a set of files and their truth."""

import argparse
import itertools
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from specimens import fonts
from specimens.captures import BOTH_SIDES, CAPTURES, PDF_DPI, Capture
from specimens.designs import sides
from specimens.draw import Drawn, render
from specimens.holders import invent
from specimens.others import OTHERS

_OTHER = "other"
_SHARE_OF_OTHERS = 0.06
_OPPOSITE = {
    "dnie_2013_front": "dnie_2013_back", "dnie_2013_back": "dnie_2013_front",
    "dnie_2020_front": "dnie_2020_back", "dnie_2020_back": "dnie_2020_front",
    "dnie_2025_back": "dnie_2020_front",
    "dni_azul_front": "dni_azul_back", "dni_azul_back": "dni_azul_front",
}  # fmt: skip


def draw_set(
    output: Path,
    n: int,
    seed: int,
    captures: Sequence[str] | None = None,
    which_fonts: str = "development",
) -> None:
    """Write `n` files and `truth.json` into a folder; the same seed gives the same bytes.

    Captures and sides are gone through in turn, so that every pair of them is met. Raises
    FileNotFoundError when no fonts are installed.
    """
    output.mkdir(parents=True, exist_ok=True)
    families = fonts.families(which_fonts)
    names = list(captures or CAPTURES)
    turns = itertools.count()
    truth = []
    for number in range(1, n + 1):
        rng = random.Random(f"{seed}/{number}")
        other = captures is None and rng.random() < _SHARE_OF_OTHERS
        if other:
            kind, drawn, capture = _OTHER, [], rng.choice(OTHERS)(rng, families)
        else:
            turn = next(turns)
            designs = sides(rng)
            kind = names[turn % len(names)]
            side = list(designs)[sum(divmod(turn, len(names))) % len(designs)]
            shown = [side, *([_OPPOSITE[side]] if kind in BOTH_SIDES and side in _OPPOSITE else [])]
            holder = invent(rng)
            drawn = [render(designs[name], holder, rng, families) for name in shown]
            capture = CAPTURES[kind](drawn, rng)
        file = f"{number:06d}{capture.suffix}"
        (output / file).write_bytes(capture.content)
        truth.append({"file": file, "capture": kind, "cards": _cards(drawn, capture)} | _dpi(file))
    content = {"seed": seed, "files": truth}
    (output / "truth.json").write_text(json.dumps(content, indent=1, ensure_ascii=False))


def _dpi(file: str) -> dict[str, int]:
    return {"dpi": PDF_DPI} if file.endswith(".pdf") else {}


def _cards(drawn: Sequence[Drawn], capture: Capture) -> list[dict[str, Any]]:
    """The truth of each card, in reading order."""
    placed = sorted(
        zip(drawn, capture.quads, strict=True), key=lambda p: tuple(p[1].mean(axis=0)[::-1])
    )
    return [
        card.truth
        | {"page": 1, "card_index": index, "corners": _points(quad), "face": _face(card, quad)}
        for index, (card, quad) in enumerate(placed)
    ]


def _face(card: Drawn, quad: np.ndarray[Any, Any]) -> list[list[float]] | None:
    if card.face is None:
        return None
    x, y, w, h = card.face
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(unit, quad.astype(np.float32))
    corners = np.array([[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]], np.float64)
    return _points(cv2.perspectiveTransform(corners, matrix)[0])


def _points(points: np.ndarray[Any, Any]) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m specimens", description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--captures", help=f"comma-separated, of {', '.join(CAPTURES)}")
    parser.add_argument(
        "--fonts", default="development", choices=("development", "held_out", "all")
    )
    known = parser.parse_args()
    names = known.captures.split(",") if known.captures else None
    unknown = [name for name in names or () if name not in CAPTURES]
    if unknown:
        print(f"unknown capture {unknown[0]!r}; choose of {', '.join(CAPTURES)}", file=sys.stderr)
        return 2
    try:
        draw_set(known.output, known.n, known.seed, names, known.fonts)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
