"""Draws a design with a holder's data, and says what the drawing holds."""

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from specimens.canvas import Canvas, Look
from specimens.fonts import Family
from specimens.ground import gloss, ground
from specimens.holders import Holder
from specimens.portrait import portrait
from specimens.prints import Box, Design, Print, values

WIDTH_PX = 1400
ASPECT = 85.60 / 53.98
_CORNER_RADIUS = 3.18 / 85.60
"""ISO/IEC 7810, relative to the card's width."""
_EDGE = 0.008
"""Least distance of a text from the card's edge and from pictures."""
_SHIFT_X, _SHIFT_Y = 0.03, 0.010
"""How far print batches shift a column."""
_FRAME = (0.025, 0.0325, 0.941, 0.929)
"""Where the printed area lies in its laminate."""


@dataclass(frozen=True)
class Drawn:
    """A drawn card, flat and clean."""

    image: NDArray[np.uint8]
    """RGB."""
    mask: NDArray[np.uint8]
    """255 where the card is: its corners are round."""
    truth: dict[str, object]
    """As in `truth.json`, but for `page`, `card_index`, `corners` and `face`."""
    face: Box | None
    """x, y, w, h, 0..1 of the card."""


def render(
    design: Design,
    holder: Holder,
    rng: random.Random,
    families: list[Family],
    width_px: int = WIDTH_PX,
) -> Drawn:
    """Draw one side of a holder's card."""
    texts = values(holder)
    card = ground(design.ground, (width_px, round(width_px / ASPECT)), rng)
    canvas = Canvas(card, Look.draw(rng, families), rng)
    face = _pictures(canvas, design, holder, rng)
    _texts(canvas, design, texts, rng)
    if design.mrz:
        canvas.mrz(holder.mrz, design.mrz, design.mrz_h)
    if design.vertical:
        text, box = design.vertical
        canvas.vertical(text.format(**texts), box)
    if rng.random() < 0.3:
        gloss(card, rng)
    if design.laminate:
        card, face = _laminated(card, face, rng)
    truth: dict[str, object] = {
        "card_type": design.card_type,
        "card_side": design.card_side,
        "layout": design.layout,
        "fields": {name: text.format(**texts) for name, text in design.fields.items()},
        "holder_id": design.holder_id.format(**texts),
        "mrz": list(holder.mrz) if design.mrz else [],
    }
    return Drawn(np.asarray(card), _mask(card.size), truth, face)


def _pictures(canvas: Canvas, design: Design, holder: Holder, rng: random.Random) -> Box | None:
    """All that is no text; gives the face's box."""
    face = None
    if design.chip:
        canvas.chip(design.chip)
    if design.cells:
        canvas.cells(*design.cells)
    if design.portrait:
        picture = portrait(rng, design.portrait[2] / design.portrait[3] * ASPECT)
        face = canvas.portrait(picture, design.portrait)
        if design.ghost:
            canvas.ghost(picture, design.ghost)
    if design.fingerprint:
        canvas.fingerprint(design.fingerprint)
    if design.signature:
        canvas.signature(design.signature)
    if design.code39:
        canvas.code39(holder.number, design.code39)
    if design.pdf417:
        canvas.pdf417(design.pdf417)
    return face


def _texts(canvas: Canvas, design: Design, texts: dict[str, str], rng: random.Random) -> None:
    """Every printed text, its column shifted, short of its neighbour."""
    shifts = {column: _shift(column, design, rng) for column in _columns(design)}
    printed = [(item, rng.choice(item.text).format(**texts)) for item in design.prints]
    placed = [
        (item, text, item.x + shifts[item.column][0], item.y + shifts[item.column][1])
        for item, text in printed
        if text
    ]
    for item, text, x, y in placed:
        neighbours = [left for other, _, left, _ in placed if _level(item, other.y, other.h)]
        edges = [box[0] for box in _boxes(design) if _level(item, box[1], box[3])]
        end = min([left - _EDGE for left in neighbours + edges if left > x], default=1.0)
        end = min(end, 1 - 1.5 * _EDGE, x + item.width if item.width else 1.0)
        canvas.text(text, item, x, y, end)


def _columns(design: Design) -> list[str]:
    return list(dict.fromkeys(item.column for item in design.prints))


def _shift(column: str, design: Design, rng: random.Random) -> tuple[float, float]:
    """How far this batch has a column from its place; never over a picture or the edge."""
    if not column:
        return 0.0, 0.0
    dx, dy = rng.triangular(-_SHIFT_X, _SHIFT_X), rng.uniform(-_SHIFT_Y, _SHIFT_Y)
    for item in design.prints:
        if item.column == column:
            walls = [x + w for x, y, w, h in _boxes(design) if _level(item, y, h) and x < item.x]
            dx = max(dx, max([w for w in walls if w <= item.x], default=0.0) + _EDGE - item.x)
    widest = max(item.x for item in design.prints if item.column == column)
    return (min(dx, 0.004) if widest > 0.8 else dx), dy


def _level(item: Print, y: float, h: float) -> bool:
    """Whether a text and something else stand side by side, were they not apart."""
    return item.y < y + h - 0.004 and y + 0.004 < item.y + item.h


def _boxes(design: Design) -> list[Box]:
    boxes = (design.portrait, design.ghost, design.code39, design.chip, design.fingerprint,
             design.signature)  # fmt: skip
    return [box for box in boxes if box]


def _laminated(
    card: Image.Image, face: Box | None, rng: random.Random
) -> tuple[Image.Image, Box | None]:
    """The printed area inside its laminate."""
    left, top, width, height = _FRAME
    grey = rng.randint(222, 248)
    outer = Image.new("RGB", card.size, (grey, grey + 2, grey + 3))
    size = round(width * card.width), round(height * card.height)
    inner = card.resize(size, Image.Resampling.LANCZOS)
    outer.paste(inner, (round(left * card.width), round(top * card.height)))
    if face:
        x, y, w, h = face
        face = (left + width * x, top + height * y, width * w, height * h)
    return outer, face


def _mask(size: tuple[int, int]) -> NDArray[np.uint8]:
    mask = Image.new("L", size, 0)
    radius = round(_CORNER_RADIUS * size[0])
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, 255)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(1)))
