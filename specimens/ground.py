"""Security print: what lies under and over the texts of a card, and hides none of them."""

import random
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Floats = NDArray[np.float32]

_TINTS: dict[str, tuple[tuple[Colour, Colour], ...]] = {
    "cyan": (
        ((240, 247, 250), (212, 234, 243)),
        ((232, 244, 248), (222, 240, 240)),
        ((244, 246, 244), (208, 228, 240)),
        ((236, 238, 246), (220, 240, 246)),
    ),
    "teal": (
        ((150, 205, 215), (185, 222, 225)),
        ((165, 210, 212), (140, 198, 214)),
        ((172, 214, 226), (196, 226, 222)),
    ),
    "yellow": (((240, 222, 140), (246, 236, 185)), ((236, 214, 130), (244, 228, 170))),
    "assorted": (
        ((226, 232, 214), (240, 236, 220)),
        ((228, 220, 236), (240, 232, 244)),
        ((210, 226, 240), (236, 240, 246)),
        ((244, 226, 214), (248, 240, 230)),
        ((222, 238, 226), (244, 246, 236)),
        ((236, 236, 236), (214, 226, 232)),
    ),
}
_INKS = ((90, 150, 190), (190, 130, 150), (110, 170, 140), (170, 150, 90))


def ground(kind: str, size: tuple[int, int], rng: random.Random) -> Image.Image:
    """A gradient under fine lines: diagonal ones on new cards, waves on old ones."""
    width, height = size
    x, y = _grid(width, height)
    first, second = rng.choice(_TINTS[kind])
    share = (x / width + y / height * rng.uniform(0.2, 1.0)) / 2
    field = (1 - share)[..., None] * np.array(first, np.float32)
    field += share[..., None] * np.array(second, np.float32)
    waves = kind in ("teal", "yellow")
    for _ in range(2):
        lines = _lines(x, y, rng, waves)
        ink = np.array(rng.choice(_INKS), np.float32) - 255
        field += (rng.uniform(0.04, 0.12) * lines)[..., None] * ink
    card = Image.fromarray(np.clip(field, 0, 255).astype(np.uint8))
    _emblems(card, rng)
    return card


def gloss(card: Image.Image, rng: random.Random) -> None:
    """A pale rainbow patch, as a hologram shows it in some lights."""
    width, height = card.size
    w, h = round(width * rng.uniform(0.12, 0.25)), round(height * rng.uniform(0.2, 0.4))
    left, top = rng.randrange(width - w), rng.randrange(height - h)
    x, y = _grid(w, h)
    hue = 2 * np.pi * (x / w + y / h)
    colours = 150 + 90 * np.stack([np.sin(hue + turn) for turn in (0.0, 2.1, 4.2)], axis=-1)
    inside = np.clip(1.2 - ((2 * x / w - 1) ** 2 + (2 * y / h - 1) ** 2), 0, 1)
    alpha = (rng.uniform(0.08, 0.20) * inside)[..., None]
    under = np.asarray(card.crop((left, top, left + w, top + h)), np.float32)
    mixed = under * (1 - alpha) + colours * alpha
    card.paste(Image.fromarray(mixed.astype(np.uint8)), (left, top))


def _lines(x: Floats, y: Floats, rng: random.Random, waves: bool) -> Floats:
    """0..1: fine lines about a dozen px apart, straight or waving."""
    slope = rng.uniform(-0.3, 0.3) if waves else rng.choice((-1, 1)) * rng.uniform(0.4, 1.4)
    phase = y + slope * x
    swing, length = (rng.uniform(10, 40), rng.uniform(50, 140)) if waves else (3.0, 300.0)
    phase += swing * np.sin(x / length + y / rng.uniform(200, 600))
    return (0.5 + 0.5 * np.sin(phase * (2 * np.pi / rng.uniform(7, 16)))).astype(np.float32)


def _emblems(card: Image.Image, rng: random.Random) -> None:
    """A pale shield, a sun or a rosette or two."""
    pen = ImageDraw.Draw(card, "RGBA")
    width, height = card.size
    for _ in range(rng.randint(1, 2)):
        centre = rng.uniform(0.3, 0.9) * width, rng.uniform(0.3, 0.8) * height
        radius = rng.uniform(0.05, 0.11) * width
        fill = (*rng.choice(_INKS), rng.randint(18, 34))
        rng.choice((_shield, _sun, _rosette))(pen, centre, radius, fill)


Pen = ImageDraw.ImageDraw
Point = tuple[float, float]
Ink = tuple[int, int, int, int]


def _shield(pen: Pen, centre: Point, r: float, ink: Ink) -> None:
    x, y = centre
    outline = [(x - r, y - r), (x + r, y - r), (x + r, y + r / 3), (x, y + r), (x - r, y + r / 3)]
    pen.polygon(outline, ink)
    pen.line([(x - r, y), (x + r, y)], ink, 4)
    pen.line([(x, y - r), (x, y)], ink, 4)
    pen.ellipse((x - r / 2, y + r / 6, x + r / 2, y + r / 2), ink)


def _sun(pen: Pen, centre: Point, r: float, ink: Ink) -> None:
    x, y = centre
    pen.ellipse((x - r / 2, y - r / 2, x + r / 2, y + r / 2), ink)
    for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False):
        ray = np.cos(angle), np.sin(angle)
        inner, outer = ((x + k * r * ray[0], y + k * r * ray[1]) for k in (0.55, 1.0))
        pen.line([inner, outer], ink, 5)


def _rosette(pen: Pen, centre: Point, r: float, ink: Ink) -> None:
    x, y = centre
    for angle in np.linspace(0, 2 * np.pi, 18, endpoint=False):
        cx, cy = x + r / 2 * np.cos(angle), y + r / 2 * np.sin(angle)
        petal = (cx - r / 2, cy - r / 2, cx + r / 2, cy + r / 2)
        pen.ellipse(petal, outline=(*ink[:3], 70), width=2)


@lru_cache(maxsize=4)
def _grid(width: int, height: int) -> tuple[Floats, Floats]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x, y
