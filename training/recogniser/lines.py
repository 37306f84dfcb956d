"""Draws a line of print as a detector would cut it out of a captured card.

Everything is grey, 0..255; a line picture is as high as the recogniser reads it.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.recogniser import texts, typefaces

HEIGHT_PX = 32
"""Height of a line picture."""
MAX_WIDTH_PX = 768
_DRAWN_PX = 44
"""Size that letters are drawn at, before they are captured at their own."""

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class DrawnLine:
    """A line picture and what it says."""

    picture: Grey
    text: str


def draw(rng: random.Random, held_out: bool = False) -> DrawnLine:
    """A line of print or of a machine-readable zone; the same generator gives the same line.

    `held_out` takes the typefaces that are never trained on.
    """
    zone = rng.random() < 0.15
    text = texts.zone_row(rng) if zone else texts.text(rng)
    typeface = typefaces.choose_zone(rng) if zone else typefaces.choose(rng, held_out)
    noise = np.random.default_rng(rng.getrandbits(32))
    ink, box = _ink(rng, text, typeface)
    ink, box = _captured(rng, ink, box)
    page = _printed(rng, noise, ink)
    page = _worn(rng, noise, page, box[3] - box[1])
    return DrawnLine(_cut(rng, page, box), text)


def _ink(rng: random.Random, text: str, typeface: Path) -> tuple[Floats, tuple[int, int, int, int]]:
    """Coverage 0..1 of the line with its neighbours above and below, and the line's own box."""
    font = typefaces.load(typeface, _DRAWN_PX)
    spacing = rng.choice((0, 0, 0, rng.uniform(-0.03, 0.14))) * _DRAWN_PX
    blank = rng.uniform(0.6, 1.5)  # printers set words closer or wider than the typeface does
    advances = (
        [font.getlength(c) * (blank if c == " " else 1) + spacing for c in text]
        if spacing
        else None
    )
    width = int(sum(advances) if advances else font.getlength(text)) + 1
    margin = _DRAWN_PX * 2
    canvas = Image.new("L", (width + 2 * margin, 5 * _DRAWN_PX))
    pen = ImageDraw.Draw(canvas)
    baseline = 3 * _DRAWN_PX
    if advances:
        x = float(margin)
        for character, advance in zip(text, advances, strict=True):
            pen.text((x, baseline), character, fill=255, font=font, anchor="ls")
            x += advance
    else:
        pen.text((margin, baseline), text, fill=255, font=font, anchor="ls")
    # detectors box the letters that are there: without accents or tails on most lines
    left, top, right, bottom = canvas.getbbox() or (margin, baseline - 30, margin + 20, baseline)
    step = rng.uniform(1.15, 2.2) * _DRAWN_PX
    for away in (-step, step):
        if rng.random() < 0.5:
            other = typefaces.load(typeface, rng.choice((_DRAWN_PX, 30, 36)))
            start = margin + rng.choice((0, 0, rng.uniform(-40, width * 0.7)))
            pen.text((start, baseline + away), texts.text(rng), fill=255, font=other, anchor="ls")
    if rng.random() < 0.05:
        y = bottom + rng.randint(3, 14)
        pen.line((0, y, canvas.width, y), fill=255, width=rng.randint(1, 3))
    ink = np.asarray(canvas).astype(np.float32) / np.float32(255)
    return ink, (left, top, right, bottom)


def _captured(
    rng: random.Random, ink: Floats, box: tuple[int, int, int, int]
) -> tuple[Floats, tuple[int, int, int, int]]:
    """The print as a camera sees it: its size in px, stretched, leaning, a little turned."""
    left, top, right, bottom = box
    height = bottom - top
    size = float(np.exp(rng.uniform(np.log(7), np.log(30))))  # of the line's letters, px
    scale = size / height if height > 12 else size / 32
    stretch = rng.choice((1.0, rng.uniform(0.72, 1.3)))
    lean = rng.gauss(0, 0.05)
    angle = rng.gauss(0, 0.8) * np.pi / 180
    if right - left > 400:
        angle *= 400 / (right - left)
    cx, cy = (left + right) / 2, (top + bottom) / 2
    sx, sy = scale * stretch, scale
    matrix = np.array([[sx, sx * (lean + angle), 0], [-sy * angle, sy, 0]], np.float32)
    size_out = (int(ink.shape[1] * sx) + 2, int(ink.shape[0] * sy) + 2)
    middle = matrix[:, :2] @ np.array([cx, cy], np.float32)
    matrix[:, 2] = np.array([cx * sx, cy * sy]) - middle
    if scale < 0.7:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.4 / scale)
    captured = cv2.warpAffine(ink, matrix, size_out, flags=cv2.INTER_LINEAR)
    own = (int(left * sx), int(top * sy), int(np.ceil(right * sx)), int(np.ceil(bottom * sy)))
    return captured.astype(np.float32), own


def _printed(rng: random.Random, noise: np.random.Generator, ink: Floats) -> Floats:
    """Ink on a ground of some pattern."""
    weight = rng.random()
    if weight < 0.12:  # print that ran, or a thin one that broke
        ink = cv2.dilate(ink, np.ones((2, 2), np.uint8)) * rng.uniform(0.6, 1)
    elif weight < 0.22:
        ink = np.clip(ink * rng.uniform(0.9, 1.3) - rng.uniform(0, 0.3), 0, 1)
    dark, light = sorted((rng.uniform(0, 150), rng.uniform(90, 255)))
    if light - dark < 50:
        dark, light = max(0.0, dark - 45), min(255.0, light + 35)
    if rng.random() < 0.05:
        dark, light = light, dark
    ground = np.full(ink.shape, light, np.float32)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        ground += rng.choice((_waves, _blotches, _rules, _speckles))(rng, noise, ink.shape) * abs(
            light - dark
        )
    return ground * (1 - ink) + dark * ink


def _waves(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Guilloche: families of wavy lines."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(2.5, 14)
    along = x * np.cos(angle) + y * np.sin(angle)
    across = y * np.cos(angle) - x * np.sin(angle)
    wave = across + rng.uniform(0, 6) * np.sin(along / rng.uniform(4, 25))
    lines = np.clip(np.cos(2 * np.pi * wave / period) * 2 - rng.uniform(0, 1.6), 0, 1)
    return (-rng.uniform(0.03, 0.4) * lines).astype(np.float32)


def _blotches(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Soft shapes: a portrait's edge, a seal, stains, fading light."""
    grid = noise.normal(0, 1, (rng.randint(2, 5), rng.randint(2, 12)))
    smooth = cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return (smooth * rng.uniform(0.03, 0.22)).astype(np.float32)


def _rules(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """A few stray lines: scratches, frames, a pen's stroke."""
    layer = np.zeros(shape, np.float32)
    for _ in range(rng.randint(1, 3)):
        ends = [(rng.randrange(shape[1]), rng.randrange(shape[0])) for _ in range(2)]
        if rng.random() < 0.5:
            ends[1] = (shape[1] - 1, ends[0][1] + rng.randint(-2, 2))
        cv2.line(layer, ends[0], ends[1], rng.uniform(-0.6, 0.4), 1, cv2.LINE_AA)
    return layer


def _speckles(rng: random.Random, noise: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Dust, toner, micro-print."""
    spots = (noise.random(shape) < rng.uniform(0.002, 0.03)).astype(np.float32)
    return -rng.uniform(0.2, 0.8) * cv2.GaussianBlur(spots, (3, 3), 0)


def _worn(rng: random.Random, noise: np.random.Generator, page: Floats, size: int) -> Floats:
    """Light, lens, sensor, copier and compression."""
    if rng.random() < 0.3:
        ramp = np.linspace(-1, 1, page.shape[1], dtype=np.float32) * rng.uniform(-0.3, 0.3)
        page = page * (1 + ramp)
    if rng.random() < 0.12:  # a lamp's glare
        x, y = rng.uniform(0, page.shape[1]), rng.uniform(0, page.shape[0])
        yy, xx = np.mgrid[0 : page.shape[0], 0 : page.shape[1]].astype(np.float32)
        radius = rng.uniform(1, 6) * size
        spot = rng.uniform(0.3, 0.7) * np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / (2 * radius**2))
        page = page + (255 - page) * spot
    if rng.random() < 0.5:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.02, 0.075) * size + 0.15)
    if rng.random() < 0.12:
        length = max(2, round(rng.uniform(0.08, 0.25) * size))
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2 if rng.random() < 0.6 else np.arange(length), np.arange(length)] = 1
        page = np.asarray(cv2.filter2D(page, -1, kernel / kernel.sum()), np.float32)
    if rng.random() < 0.15:  # copied hard
        middle = float(np.median(page)) - rng.uniform(15, 60)
        page = (page - middle) * rng.uniform(1.3, 2.5) + middle + rng.uniform(0, 40)
    noisy = page + noise.normal(0, rng.choice((1, 2, 4, 8, 12)), page.shape)
    seen = np.clip(noisy, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randint(35, 95)]
        stored = cv2.imencode(".jpg", seen, quality)[1]
        seen = np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8)
    if rng.random() < 0.3:  # enlarged before it was cut
        shape, factor = seen.shape[::-1], rng.uniform(1.2, 2.2)
        large = cv2.resize(seen, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        seen = np.asarray(cv2.resize(large, shape, interpolation=cv2.INTER_AREA), np.uint8)
    return seen.astype(np.float32)


def _cut(rng: random.Random, page: Floats, box: tuple[int, int, int, int]) -> Grey:
    """The line as a detector boxes it: too wide, too narrow, too high, off centre."""
    left, top, right, bottom = box
    height = bottom - top
    tight = rng.random() < 0.15
    above, below = (rng.uniform(-0.06, 0.1) if tight else rng.uniform(0.02, 0.5) for _ in range(2))
    before, after = (rng.uniform(-0.03, 0.1) if tight else rng.uniform(0.0, 0.7) for _ in range(2))
    if rng.random() < 0.08:  # a window where a value is looked for
        after = rng.uniform(1, 5)
    y0, y1 = int(top - above * height), int(np.ceil(bottom + below * height))
    x0, x1 = int(left - before * height), int(np.ceil(right + after * height))
    y0, x0 = max(y0, 0), max(x0, 0)
    part = page[y0 : max(y1, y0 + 6), x0 : max(x1, x0 + 6)]
    width = int(np.clip(round(part.shape[1] * HEIGHT_PX / part.shape[0]), 16, MAX_WIDTH_PX))
    area = part.shape[0] > HEIGHT_PX
    return cv2.resize(
        part, (width, HEIGHT_PX), interpolation=cv2.INTER_AREA if area else cv2.INTER_LINEAR
    ).astype(np.uint8)
