"""A folder of files and their truth."""

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from specimens import fonts
from specimens.captures import BOTH_SIDES, CAPTURES, PDF_DPI, SEVERAL, Capture
from specimens.designs import OPPOSITE, sides
from specimens.draw import Drawn, render
from specimens.fonts import Family
from specimens.geometry import UNIT, Quad, reading_order
from specimens.holders import invent
from specimens.others import OTHERS

NAMES = (*CAPTURES, *OTHERS)
SHARE_OF_OTHERS = 0.05

Json = dict[str, Any]


def draw_set(
    output: Path,
    n: int,
    seed: int,
    captures: Sequence[str] | None = None,
    which_fonts: str = "development",
    others: float = SHARE_OF_OTHERS,
) -> None:
    """Write `n` files and `truth.json` into a folder; the same seed gives the same bytes.

    Captures and sides are gone through in turn, so that every pair of them is met. Without a
    choice of captures, a share `others` of the files, 0..1, shows no card. Raises
    FileNotFoundError when no fonts are installed.
    """
    output.mkdir(parents=True, exist_ok=True)
    families = fonts.families(which_fonts)
    names = list(captures or CAPTURES)
    turns = itertools.count()
    files = []
    for number in range(1, n + 1):
        rng = random.Random(f"{seed}/{number}")
        without = captures is None and rng.random() < others
        turn = 0 if without else next(turns)
        kind = rng.choice(list(OTHERS)) if without else names[turn % len(names)]
        capture, drawn = (
            (rng.choice(OTHERS[kind])(rng, families), [])
            if kind in OTHERS
            else _captured(kind, turn % len(names) + turn // len(names), rng, families)
        )
        name = f"{number:06d}{capture.suffix}"
        (output / name).write_bytes(capture.content)
        dpi = {"dpi": PDF_DPI} if capture.suffix == ".pdf" else {}
        files.append({"file": name, "capture": kind} | dpi | {"cards": _cards(drawn, capture)})
    truth = json.dumps({"seed": seed, "files": files}, indent=1, ensure_ascii=False)
    (output / "truth.json").write_text(truth + "\n", encoding="utf-8")


def _captured(
    kind: str, turn: int, rng: random.Random, families: list[Family]
) -> tuple[Capture, list[Drawn]]:
    """A capture of the side whose turn it is, and for some captures of its opposite."""
    designs = sides(rng)
    side = list(designs)[turn % len(designs)]
    shown = [side]
    if side in OPPOSITE and rng.random() < BOTH_SIDES.get(kind, 0.0):
        shown.append(OPPOSITE[side])
    holder = invent(rng, designs[side].issued_in)
    drawn = [render(designs[name], holder, rng, families) for name in shown]
    for _ in range(rng.randint(*SEVERAL.get(kind, (1, 1))) - len(drawn)):
        more = sides(rng)
        design = more[rng.choice(list(more))]
        drawn.append(render(design, invent(rng, design.issued_in), rng, families))
    return CAPTURES[kind](drawn, rng), drawn


def _cards(drawn: Sequence[Drawn], capture: Capture) -> list[Json]:
    """The truth of each card, page by page in reading order."""
    pages = capture.pages or (1,) * len(drawn)
    cards = []
    for page in sorted(set(pages)):
        here = [i for i in range(len(drawn)) if pages[i] == page]
        order = reading_order([capture.quads[i] for i in here])
        for index, place in enumerate(order):
            card, quad = drawn[here[place]], capture.quads[here[place]]
            where = {"page": page, "card_index": index}
            cards.append(where | card.truth | {"corners": _points(quad), "face": _face(card, quad)})
    return cards


def _face(card: Drawn, quad: Quad) -> list[list[float]] | None:
    if card.face is None:
        return None
    x, y, w, h = card.face
    matrix = cv2.getPerspectiveTransform(UNIT.astype(np.float32), quad.astype(np.float32))
    box = (UNIT * (w, h) + (x, y))[None]
    return _points(cv2.perspectiveTransform(box, matrix)[0])


def _points(points: Quad) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]
