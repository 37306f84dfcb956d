"""Pictures to learn from: captures of drawn cards, with the text that a larger detector sees.

Labels come from PP-OCRv6's detector, ten times as large, at a higher resolution than the learner
gets: so the learner is told of small print that its teacher would miss at its size.
"""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ocr import geometry, images, pdf
from pipeline.ocr.engines import engine
from pipeline.ocr.images import Limits
from pipeline.ocr.recognition import STRIDE_PX, Engine
from specimens import fonts
from specimens.captures import BOTH_SIDES, CAPTURES, Capture
from specimens.designs import OPPOSITE, sides
from specimens.draw import render
from specimens.holders import invent
from specimens.others import OTHERS

_SHARE_OF_OTHERS = 0.12
_PAGE_SIDES_PX = (480, 800)
_CARD_WIDTHS_PX = (480, 800)
_TEACHER_SCALE = 1.4
_LIMITS = Limits(
    max_bytes=1 << 30,
    min_side_px=1,
    max_side_px=20_000,
    pdf_pages=9,
    pdf_dpi=150,
    pdf_seconds=60,
    document_seconds=600,
)


@dataclass(frozen=True)
class Example:
    """A grey picture, and at half its size the teacher's probability of text, 0..255."""

    picture: NDArray[np.uint8]
    text: NDArray[np.uint8]


def examples(seed: int) -> list[Example]:
    """A page, and each of its cards straightened; the same seed gives the same pictures."""
    rng = random.Random(f"detector {seed}")
    families = fonts.families("development")
    if rng.random() < _SHARE_OF_OTHERS:
        capture = rng.choice([draw for kind in OTHERS.values() for draw in kind])(rng, families)
    else:
        capture = _captured(rng, families)
    page = _decoded(capture)
    scale = _scale(capture)
    made = [_example(page, rng.uniform(*_PAGE_SIDES_PX) / max(page.shape[:2]))]
    pages = capture.pages or (1,) * len(capture.quads)
    for quad, number in zip(capture.quads, pages, strict=True):
        if number == 1:
            wide = np.array([[rng.gauss(0, 0.012) for _ in "xy"] for _ in quad])
            loose = quad * scale + wide * np.linalg.norm(quad[1] - quad[0]) * scale
            width = round(rng.uniform(*_CARD_WIDTHS_PX))
            size = (width, round(width / geometry.CARD_ASPECT))
            made.append(_example(geometry.straighten(page, loose, size), 1.0))
    return made


def _teacher() -> Engine:
    return engine("ppocr")


def _captured(rng: random.Random, families: list[fonts.Family]) -> Capture:
    designs = sides(rng)
    side, kind = rng.choice(list(designs)), rng.choice(list(CAPTURES))
    shown = [side]
    if side in OPPOSITE and rng.random() < BOTH_SIDES.get(kind, 0.0):
        shown.append(OPPOSITE[side])
    holder = invent(rng, designs[side].issued_in)
    return CAPTURES[kind]([render(designs[name], holder, rng, families) for name in shown], rng)


def _decoded(capture: Capture) -> NDArray[np.uint8]:
    if capture.suffix != ".pdf":
        return images.decode(capture.content, _LIMITS)
    size = pdf.page_sizes(capture.content, _LIMITS)[0]
    return pdf.render(capture.content, _LIMITS, 1, size)


def _scale(capture: Capture) -> float:
    """From the truth's resolution of a PDF to the one it is drawn at here."""
    return _LIMITS.pdf_dpi / 200 if capture.suffix == ".pdf" else 1.0


def _example(image: NDArray[np.uint8], scale: float) -> Example:
    size = _multiples(image, scale)
    probability = _teacher().text_probability(
        _shrunk(image, _multiples(image, scale * _TEACHER_SCALE))
    )
    half = cv2.resize(probability, (size[0] // 2, size[1] // 2), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(_shrunk(image, size), cv2.COLOR_RGB2GRAY)
    return Example(grey.astype(np.uint8), (half * 255).astype(np.uint8))


def _multiples(image: NDArray[np.uint8], scale: float) -> tuple[int, int]:
    height, width = (
        max(STRIDE_PX, round(s * scale / STRIDE_PX) * STRIDE_PX) for s in image.shape[:2]
    )
    return width, height


def _shrunk(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
