"""The pictures that a backlog holds: how a card, or two, came to be a file.

Each capture takes drawn cards and gives the file's bytes and where the cards are on its pages.
"""

import io
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from specimens import optics
from specimens.draw import ASPECT, Drawn
from specimens.geometry import UNIT, Quad, fitted, mapped, rectangle, seen_from_above, stacked
from specimens.surfaces import Picture, desk, laid, on_desk, paper, plain

PDF_DPI = 200
"""Corners on a page of a PDF are in px of the page drawn at this resolution."""
_CARD_INCHES = 85.60 / 25.4
_A4_INCHES = (8.27, 11.69)
_A5_INCHES = (5.83, 8.27)
_LARGEST_PNG_PX = 1_000_000
_PRINTED_ON = time.gmtime(0)
"""The date in every PDF, so that the same seed gives the same bytes."""


@dataclass(frozen=True)
class Capture:
    """A file and its truth."""

    content: bytes
    suffix: str
    quads: list[Quad]
    """For each card its corners, from the top left of the upright card, clockwise."""
    pages: tuple[int, ...] = ()
    """For each card its page, from 1; empty: all are on the first."""


Cards = Sequence[Drawn]


def crop(cards: Cards, rng: random.Random) -> Capture:
    """The card alone, trimmed tight or with a few px around it."""
    return _cropped(cards[0], rng, rng.randint(640, 1300), quality=rng.randint(85, 95))


def thumbnail(cards: Cards, rng: random.Random) -> Capture:
    """The card alone, 560 px wide."""
    return _cropped(cards[0], rng, 560, quality=rng.randint(80, 92))


def scan(cards: Cards, rng: random.Random) -> Capture:
    """A flatbed scan, a few degrees askew."""
    page, quads = _scanned(cards, rng)
    if page.shape[0] * page.shape[1] < _LARGEST_PNG_PX and rng.random() < 0.4:
        return Capture(encoded(page, "PNG"), ".png", quads)
    return _jpeg(page, quads, rng.randint(80, 95))


def turned_scan(cards: Cards, rng: random.Random) -> Capture:
    """A flatbed scan, sideways or upside-down."""
    page, quads = _turned(*_scanned(cards, rng), rng.choice((1, 2, 3)))
    return _jpeg(page, quads, rng.randint(80, 95))


def photocopy(cards: Cards, rng: random.Random) -> Capture:
    """A grey copy, often enlarged."""
    page, quads = _scanned(cards, rng)
    return _jpeg(optics.copied(page, rng), quads, rng.randint(75, 92))


def phone(cards: Cards, rng: random.Random) -> Capture:
    """An ordinary photo: some tilt, uneven light, a little blur; sometimes turned by EXIF."""
    page, quads = _photo(cards[0], rng, tilt=14, share=rng.uniform(0.55, 0.9))
    page = optics.lit(page, rng, strength=rng.uniform(0.05, 0.3))
    page = optics.noisy(optics.blurred(page, rng.uniform(0.3, 0.9)), rng, rng.uniform(1, 4))
    quality = rng.randint(75, 90)
    if rng.random() < 0.3:
        return _turned_by_exif(page, quads, rng, quality)
    return _jpeg(page, quads, quality)


def hard_phone(cards: Cards, rng: random.Random) -> Capture:
    """A bad photo: much tilt, a lamp, a moving or unfocused camera, strong compression."""
    page, quads = _photo(cards[0], rng, tilt=26, share=rng.uniform(0.55, 0.85))
    page = optics.lit(page, rng, strength=rng.uniform(0.2, 0.5))
    page = optics.glare(page, quads[0], rng)
    scale = float(np.linalg.norm(quads[0][1] - quads[0][0])) / 1000
    if rng.random() < 0.5:
        page = optics.moved(page, rng.uniform(2, 5) * scale, rng.uniform(0, np.pi))
    else:
        page = optics.blurred(page, rng.uniform(0.8, 1.6) * scale)
    return _jpeg(optics.noisy(page, rng, rng.uniform(3, 7)), quads, rng.randint(50, 80))


def card_pdf(cards: Cards, rng: random.Random) -> Capture:
    """One side on an A4 page."""
    return _pdf([cards[:1]], rng)


def sheet_pdf(cards: Cards, rng: random.Random) -> Capture:
    """Both sides on one A4 page, now and then on a page each."""
    return _pdf([[card] for card in cards] if rng.random() < 0.2 else [cards], rng)


def cut_off(cards: Cards, rng: random.Random) -> Capture:
    """A photo taken too close: a strip of the card, without print, lies outside."""
    page, quads = _photo(cards[0], rng, tilt=8, share=0.97)
    low, high = quads[0].min(axis=0), quads[0].max(axis=0)
    lost = rng.uniform(0.004, 0.016) * (high - low)
    left, top = ((low + lost) * (rng.random() < 0.7, rng.random() < 0.7)).astype(int)
    page = np.ascontiguousarray(page[top:, left : int(high[0] - lost[0] * rng.random())])
    page = optics.noisy(optics.lit(page, rng, strength=0.15), rng, 2)
    return _jpeg(page, [quads[0] - (left, top)], rng.randint(75, 92))


def sheet_photo(cards: Cards, rng: random.Random) -> Capture:
    """A photo of a copy on paper that lies on a desk."""
    width = rng.randint(1700, 2300)
    sheet_size = (width, round(width * rng.choice((0.71, 0.6))))
    card_width = sheet_size[0] * rng.uniform(0.5, 0.68)
    quads = stacked(1, card_width, sheet_size, rng, angle=3)
    sheet = _with(paper(sheet_size, rng), cards[:1], quads)
    if rng.random() < 0.6:
        sheet = optics.copied(sheet, rng)
    size = (round(width * 1.12), round(sheet_size[1] * 1.18))
    # the far edge of the sheet is a little shorter
    lean = rng.uniform(0, 0.05) * width
    left, top = (size[0] - width) / 2, (size[1] - sheet_size[1]) / 2
    lying = UNIT * sheet_size + (left, top) + np.array([[lean, 0], [-lean, 0], [0, 0], [0, 0]])
    page = on_desk(desk(size, cards[0], rng), sheet, lying)
    page = optics.noisy(optics.lit(page, rng, strength=0.2), rng, 3)
    return _jpeg(page, [mapped(quads[0], sheet_size, lying)], rng.randint(75, 90))


def album(cards: Cards, rng: random.Random) -> Capture:
    """Two to eight cards of as many holders on one scanned sheet, a finger's width apart."""
    dpi = rng.choice((150, 180, 200))
    card_width = _CARD_INCHES * dpi
    columns, rows = (1 if len(cards) < 3 else 2), -(-len(cards) // (1 if len(cards) < 3 else 2))
    gap = rng.uniform(0.05, 0.3) * card_width
    pitch = np.array([card_width + gap, card_width / ASPECT + gap])
    size = tuple(int(v) for v in pitch * (columns, rows) + gap)
    quads = [
        rectangle(
            (np.array([i % columns, i // columns]) + 0.5) * pitch + gap / 2,
            card_width,
            rng.uniform(-1, 1),
        )
        for i in range(len(cards))
    ]
    page = optics.noisy(_with(paper((size[0], size[1]), rng), cards, quads), rng, 1.5)
    page, quads = _turned(page, quads, rng.choice((0, 0, 1, 2)))
    return _jpeg(page, quads, rng.randint(82, 94))


CAPTURES: dict[str, Callable[[Cards, random.Random], Capture]] = {
    capture.__name__: capture
    for capture in (
        crop, scan, turned_scan, phone, hard_phone, thumbnail, photocopy, card_pdf, sheet_pdf,
        cut_off, sheet_photo, album,
    )
}  # fmt: skip
BOTH_SIDES = {"sheet_pdf": 1.0, "scan": 0.2, "turned_scan": 0.2, "photocopy": 0.3}
"""How many files of a capture show both sides of a card."""
SEVERAL = {"album": (2, 8)}
"""Captures of several cards of different holders, and how many."""


def _cropped(card: Drawn, rng: random.Random, width: int, quality: int) -> Capture:
    margin = rng.choice((0, 0, rng.randint(1, 12)))
    inner = width - 2 * margin
    size = (width, round(inner / ASPECT) + 2 * margin)
    quad = UNIT * (inner, size[1] - 2 * margin) + margin
    ground = plain(size, tuple(rng.randint(150, 255) for _ in range(3)))
    # trimmed tight by a machine: what lies outside the round corners is of the card's own ground
    return _jpeg(laid(ground, card, quad, square=margin == 0), [quad], quality)


def _scanned(cards: Cards, rng: random.Random) -> tuple[Picture, list[Quad]]:
    """Cards on a scanner's glass: the whole of it, or what the software cut out."""
    dpi = rng.choice((170, 200, 200, 240, 300))
    card_width = _CARD_INCHES * dpi * rng.choice((1.0, 1.0, 1.0, rng.uniform(1.1, 1.5)))
    sheet = rng.choice((None, None, _A5_INCHES, _A5_INCHES, _A4_INCHES))
    if sheet:
        dpi = min(dpi, 200)
        card_width = min(card_width, 0.85 * sheet[0] * dpi)
        size = (round(sheet[0] * dpi), round(sheet[1] * dpi))
    else:
        room = card_width / ASPECT * len(cards)
        size = (round(card_width * rng.uniform(1.12, 1.7)), round(room * rng.uniform(1.2, 1.8)))
    quads = stacked(len(cards), card_width, size, rng, angle=4)
    return optics.noisy(_with(paper(size, rng), cards, quads), rng, rng.uniform(0, 2)), quads


def _photo(
    card: Drawn, rng: random.Random, tilt: float, share: float
) -> tuple[Picture, list[Quad]]:
    """A card on a desk, seen from somewhere above it."""
    width = rng.randint(1200, 2200)
    size = (width, round(width * rng.choice((0.75, 0.75, 0.5625))))
    if rng.random() < 0.25:
        size = (max(size[1], 1100), size[0])
    quad = fitted(seen_from_above(rng, tilt), size, share, rng)
    return laid(desk(size, card, rng), card, quad, shadow=rng.randint(3, 9)), [quad]


def _pdf(pages: Sequence[Cards], rng: random.Random) -> Capture:
    """Cards on A4, sometimes a grey copy, sometimes upside-down or sideways."""
    dpi = rng.choice((150, 200, 200))
    size = (round(_A4_INCHES[0] * dpi), round(_A4_INCHES[1] * dpi))
    card_width = _CARD_INCHES * dpi * rng.uniform(1.1, 1.6)
    grey, turns = rng.random() < 0.3, rng.choice((0, 0, 0, 0, 2, 1))
    pictures, quads, numbers = [], [], []
    for number, cards in enumerate(pages, 1):
        placed = stacked(len(cards), card_width, size, rng, angle=2)
        picture = optics.noisy(_with(paper(size, rng), cards, placed), rng, 1.5)
        if grey:
            picture = optics.copied(picture, rng)
        picture, placed = _turned(picture, placed, turns)
        pictures.append(Image.fromarray(picture))
        quads += [quad * PDF_DPI / dpi for quad in placed]
        numbers += [number] * len(cards)
    file = io.BytesIO()
    pictures[0].save(
        file, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi, quality=86,
        creationDate=_PRINTED_ON, modDate=_PRINTED_ON,
    )  # fmt: skip
    return Capture(file.getvalue(), ".pdf", quads, tuple(numbers))


def _with(page: Picture, cards: Cards, quads: Sequence[Quad]) -> Picture:
    for card, quad in zip(cards, quads, strict=True):
        page = laid(page, card, quad, shadow=2)
    return page


def _turned(page: Picture, quads: list[Quad], turns: int) -> tuple[Picture, list[Quad]]:
    """The page turned counter-clockwise, and the quadrilaterals with it."""
    for _ in range(turns):
        width = page.shape[1]
        page = np.ascontiguousarray(np.rot90(page))
        quads = [np.stack([q[:, 1], width - q[:, 0]], axis=1) for q in quads]
    return page, quads


def _turned_by_exif(page: Picture, quads: list[Quad], rng: random.Random, quality: int) -> Capture:
    """Stored sideways, with the tag that says so; the truth is that of the upright page."""
    orientation, turns = rng.choice(((6, 1), (8, 3), (3, 2)))
    stored, _ = _turned(page, [], turns)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return Capture(encoded(stored, "JPEG", quality=quality, exif=exif), ".jpg", quads)


def _jpeg(page: Picture, quads: list[Quad], quality: int) -> Capture:
    return Capture(encoded(page, "JPEG", quality=quality), ".jpg", quads)


def encoded(page: Picture, form: str, **options: object) -> bytes:
    """The picture as a file of a format of Pillow's, with its options."""
    file = io.BytesIO()
    Image.fromarray(page).save(file, form, **options)  # type: ignore[arg-type]
    return file.getvalue()
