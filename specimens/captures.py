"""The pictures that a backlog holds: how a card, or two, came to be a file.

Each capture takes drawn cards and gives the file's bytes and where the cards are on its page.
"""

import io
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from specimens.draw import ASPECT, Drawn

Picture = NDArray[np.uint8]
Quad = NDArray[np.float64]
_UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
PDF_DPI = 200
"""Corners on a page of a PDF are in px of the page drawn at this resolution."""
_A4_INCHES = (8.27, 11.69)
_CARD_INCHES = 85.60 / 25.4


@dataclass(frozen=True)
class Capture:
    """A file and its truth."""

    content: bytes
    suffix: str
    quads: list[Quad]
    """For each card its corners, from the top left of the upright card, clockwise."""


def crop(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """The card alone, trimmed tight or with a few px around it."""
    return _cropped(cards[0], rng, rng.randint(640, 1300), quality=rng.randint(85, 95))


def thumbnail(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """The card alone, 560 px wide."""
    return _cropped(cards[0], rng, 560, quality=rng.randint(80, 92))


def photocopy(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """A grey copy: hard contrast, toner noise."""
    width = rng.randint(800, 1300)
    page, quads = _on_sheet(cards, rng, width, turn=0)
    return _jpeg(_copied(page, rng), quads, rng.randint(75, 92))


def scan(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """A flatbed scan, a few degrees askew."""
    page, quads = _on_sheet(cards, rng, rng.randint(620, 1100), turn=0)
    if rng.random() < 0.2:
        return Capture(encoded(page, "PNG"), ".png", quads)
    return _jpeg(page, quads, rng.randint(80, 95))


def turned_scan(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """A flatbed scan, sideways or upside-down."""
    page, quads = _on_sheet(cards, rng, rng.randint(620, 1100), turn=rng.choice((1, 2, 3)))
    return _jpeg(page, quads, rng.randint(80, 95))


def phone(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """An ordinary photo: some tilt, uneven light, a little blur; sometimes turned by EXIF."""
    page, quads = _photo(cards[0], rng, tilt=0.06, fill=(0.55, 0.9))
    page = _lit(page, rng, strength=0.25)
    page = _noisy(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 0.9)), rng, 4)
    if rng.random() < 0.25:
        return _turned_by_exif(page, quads, rng)
    return _jpeg(page, quads, rng.randint(75, 90))


def hard_phone(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """A bad photo: tilt, a lamp, blur, strong compression."""
    page, quads = _photo(cards[0], rng, tilt=0.13, fill=(0.5, 0.8))
    page = _lamp(_lit(page, rng, strength=0.5), quads[0], rng)
    page = _motion(page, rng.randint(2, 4), rng.uniform(0, np.pi))
    return _jpeg(_noisy(page, rng, 7), quads, rng.randint(50, 80))


def card_pdf(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """One side on an A4 page."""
    return _a4(cards[:1], rng)


def sheet_pdf(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    """Both sides on an A4 page, sometimes copied grey or upside-down."""
    return _a4(cards, rng)


CAPTURES: dict[str, Callable[[Sequence[Drawn], random.Random], Capture]] = {
    capture.__name__: capture
    for capture in (
        crop, scan, turned_scan, phone, hard_phone, thumbnail, photocopy, card_pdf, sheet_pdf
    )
}  # fmt: skip
BOTH_SIDES = ("sheet_pdf",)


def _cropped(card: Drawn, rng: random.Random, width: int, quality: int) -> Capture:
    margin = rng.choice((0, 0, rng.randint(1, 12)))
    inner = width - 2 * margin
    size = (width, round(inner / ASPECT) + 2 * margin)
    quad = _UNIT.astype(float) * (inner, size[1] - 2 * margin) + margin
    ground = _plain(size, tuple(rng.randint(150, 255) for _ in range(3)))
    # trimmed by machine: the corners outside the round card are filled with its own ground
    page = _placed(ground, card, quad, rounded=margin > 0)
    return _jpeg(page, [quad.astype(float)], quality)


def _on_sheet(
    cards: Sequence[Drawn], rng: random.Random, card_width: int, turn: int
) -> tuple[Picture, list[Quad]]:
    """A scanner's glass or a sheet of paper, one card on it."""
    grey = rng.randint(225, 255)
    ground = (grey, grey, grey - rng.randint(0, 6))
    height = card_width / ASPECT
    size = (round(card_width * rng.uniform(1.1, 1.9)), round(height * rng.uniform(1.15, 2.2)))
    angle = np.radians(rng.uniform(-4, 4))
    reach = (abs(np.cos(angle)) * card_width + abs(np.sin(angle)) * height) / 2 + 4
    rise = (abs(np.sin(angle)) * card_width + abs(np.cos(angle)) * height) / 2 + 4
    size = (max(size[0], int(2 * reach) + 2), max(size[1], int(2 * rise) + 2))
    centre = (rng.uniform(reach, size[0] - reach), rng.uniform(rise, size[1] - rise))
    quad = _rectangle(centre, card_width, height, angle)
    page = _noisy(_placed(_plain(size, ground), cards[0], quad), rng, 2)
    return _quarter_turns(page, [quad], turn)


def _photo(
    card: Drawn, rng: random.Random, tilt: float, fill: tuple[float, float]
) -> tuple[Picture, list[Quad]]:
    """A card on a desk, seen from somewhere above it."""
    width = rng.randint(1200, 2000)
    size = (width, round(width * rng.choice((0.75, 0.75, 0.5625))))
    if rng.random() < 0.25:
        size = (size[1], size[0])
    card_width = min(rng.uniform(*fill) * size[0], 0.9 * size[1] * ASPECT)
    height = card_width / ASPECT
    angle = np.radians(rng.uniform(-8, 8))
    quad = _rectangle((size[0] / 2, size[1] / 2), card_width, height, angle)
    jitter = np.array([[rng.uniform(-tilt, tilt) for _ in "xy"] for _ in range(4)])
    quad = quad + jitter * height * 0.8
    low, high = quad.min(axis=0), quad.max(axis=0)
    room = np.array(size) - (high - low) - 12
    quad = quad - low + 6 + np.array([rng.random(), rng.random()]) * np.maximum(room, 0)
    shrink = min(1.0, *(np.array(size) - 12) / (high - low))
    quad = (quad - quad.mean(axis=0)) * shrink + np.minimum(
        np.maximum(quad.mean(axis=0), (high - low) / 2 * shrink),
        np.array(size) - (high - low) / 2 * shrink,
    )
    return _placed(_desk(size, rng), card, quad, shadow=True), [quad]


def _a4(cards: Sequence[Drawn], rng: random.Random) -> Capture:
    dpi = rng.choice((150, 200, 300))
    size = (round(_A4_INCHES[0] * dpi), round(_A4_INCHES[1] * dpi))
    page = _plain(size, (252, 252, 250))
    card_width = _CARD_INCHES * dpi * rng.uniform(1.0, 1.35)
    quads = []
    top = rng.uniform(0.08, 0.2) * size[1]
    for card in cards:
        left = rng.uniform(0.08, 0.9) * (size[0] - card_width)
        centre = (left + card_width / 2, top + card_width / ASPECT / 2)
        quad = _rectangle(centre, card_width, card_width / ASPECT, np.radians(rng.uniform(-2, 2)))
        page = _placed(page, card, quad)
        quads.append(quad)
        top += card_width / ASPECT * rng.uniform(1.1, 1.6)
    page = _noisy(page, rng, 2)
    if rng.random() < 0.3:
        page = _copied(page, rng)
    page, quads = _quarter_turns(page, quads, rng.choice((0, 0, 0, 2)))
    file = io.BytesIO()
    then = time.gmtime(0)  # the same seed gives the same bytes
    dates = {"creationDate": then, "modDate": then}
    Image.fromarray(page).save(file, "PDF", resolution=dpi, quality=88, **dates)
    return Capture(file.getvalue(), ".pdf", [quad * PDF_DPI / dpi for quad in quads])


def _rectangle(centre: tuple[float, float], width: float, height: float, angle: float) -> Quad:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return ((_UNIT - 0.5) * (width, height)) @ turn + np.array(centre)


def _plain(size: tuple[int, int], colour: tuple[int, ...]) -> Picture:
    return np.full((size[1], size[0], 3), colour, np.uint8)


def _desk(size: tuple[int, int], rng: random.Random) -> Picture:
    """A plain or grained table top; now and then of a card's own pale colour."""
    colour = rng.choice(
        (
            (120, 85, 60),
            (60, 60, 65),
            (200, 200, 196),
            (170, 140, 110),
            (90, 110, 90),
            (215, 225, 228),
        )
    )
    noise = np.random.default_rng(rng.getrandbits(32))
    grain = noise.normal(0, rng.uniform(0, 14), (size[1] // 4 + 1, size[0] // 60 + 1))
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)[..., None]
    return np.clip(np.array(colour) + grain, 0, 255).astype(np.uint8)


def _placed(
    page: Picture, card: Drawn, quad: Quad, *, rounded: bool = True, shadow: bool = False
) -> Picture:
    """The card drawn into the quadrilateral."""
    size = (page.shape[1], page.shape[0])
    source = _UNIT * (card.image.shape[1], card.image.shape[0])
    span = np.linalg.norm(quad[1] - quad[0]) / card.image.shape[1]
    image = card.image if span > 0.7 else cv2.GaussianBlur(card.image, (0, 0), 0.35 / span)
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), quad.astype(np.float32))
    warped = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_LINEAR)
    mask = card.mask if rounded else np.full_like(card.mask, 255)
    alpha = cv2.warpPerspective(mask, matrix, size).astype(np.float32)[..., None] / 255
    ground = page.astype(np.float32)
    if shadow:
        offset = np.array([[1, 0, 5], [0, 1, 7]], np.float32)
        dark = cv2.GaussianBlur(cv2.warpAffine(alpha, offset, size), (0, 0), 6)[..., None]
        ground = ground * (1 - 0.35 * dark)
    return np.clip(ground * (1 - alpha) + warped * alpha, 0, 255).astype(np.uint8)


def _quarter_turns(page: Picture, quads: list[Quad], turns: int) -> tuple[Picture, list[Quad]]:
    """The page turned counter-clockwise, and the quadrilaterals with it."""
    for _ in range(turns):
        width = page.shape[1]
        page = np.ascontiguousarray(np.rot90(page))
        quads = [np.stack([q[:, 1], width - q[:, 0]], axis=1) for q in quads]
    return page, quads


def _turned_by_exif(page: Picture, quads: list[Quad], rng: random.Random) -> Capture:
    """Stored sideways, with the tag that says so; the truth is that of the upright page."""
    orientation, turns = rng.choice(((6, 1), (8, 3), (3, 2)))
    stored, _ = _quarter_turns(page, [], turns)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return Capture(encoded(stored, "JPEG", quality=85, exif=exif), ".jpg", quads)


def _copied(page: Picture, rng: random.Random) -> Picture:
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32)
    middle, gain = rng.uniform(120, 150), rng.uniform(1.2, 1.7)
    grey = np.clip((grey - middle) * gain + rng.uniform(150, 185), 0, 255)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(3, 9), grey.shape)
    return np.repeat(np.clip(grey + noise, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _lit(page: Picture, rng: random.Random, strength: float) -> Picture:
    """A gradient of light and a tint."""
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    light = rng.uniform(0.8, 1.1) + strength * slope
    tint = np.array([rng.uniform(0.92, 1.06) for _ in range(3)])
    return np.clip(page * light[..., None] * tint, 0, 255).astype(np.uint8)


def _lamp(page: Picture, quad: Quad, rng: random.Random) -> Picture:
    """A glare that pales what it covers and hides nothing for good."""
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    cx, cy = quad[0] + (quad[2] - quad[0]) * np.array([rng.random(), rng.random()])
    radius = rng.uniform(0.08, 0.2) * np.linalg.norm(quad[1] - quad[0])
    spot = rng.uniform(0.3, 0.6) * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius**2))
    return (page + (255 - page) * spot[..., None]).astype(np.uint8)


def _motion(page: Picture, length: int, angle: float) -> Picture:
    kernel = np.zeros((9, 9), np.float32)
    step = (4 + length * np.cos(angle) / 2, 4 + length * np.sin(angle) / 2)
    back = (8 - step[0], 8 - step[1])
    cv2.line(kernel, tuple(round(v) for v in back), tuple(round(v) for v in step), 1.0)
    return cv2.filter2D(page, -1, kernel / kernel.sum()).astype(np.uint8)


def _noisy(page: Picture, rng: random.Random, sigma: float) -> Picture:
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, sigma, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def _jpeg(page: Picture, quads: list[Quad], quality: int) -> Capture:
    return Capture(encoded(page, "JPEG", quality=quality), ".jpg", quads)


def encoded(page: Picture, form: str, **options: object) -> bytes:
    """The picture as a file of a format of Pillow's, with its options."""
    file = io.BytesIO()
    Image.fromarray(page).save(file, form, **options)
    return file.getvalue()
