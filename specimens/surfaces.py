"""What cards are laid on, and laying them there."""

import random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from specimens import fonts
from specimens.draw import Drawn
from specimens.fonts import Family
from specimens.geometry import UNIT, Quad

Picture = NDArray[np.uint8]
Size = tuple[int, int]
_WOODS = ((120, 85, 60), (170, 140, 110), (92, 62, 45), (196, 170, 135))
_CLOTHS = ((60, 60, 65), (90, 110, 90), (110, 60, 60), (70, 80, 120), (150, 150, 145))


def plain(size: Size, colour: tuple[int, ...]) -> Picture:
    """One colour all over."""
    return np.full((size[1], size[0], 3), colour, np.uint8)


def paper(size: Size, rng: random.Random) -> Picture:
    """A sheet, or the lid of a scanner: white or a little grey."""
    grey = rng.choice((255, 252, rng.randint(205, 250)))
    return plain(size, (grey, grey, grey - rng.randint(0, 5)))


def desk(size: Size, card: Drawn, rng: random.Random) -> Picture:
    """A table top: wood, cloth, plain, of the card's own colour, or a printed page."""
    surface = rng.choice((_wood, _cloth, _plain_desk, _like_coloured, _page))
    return surface(size, card, rng)


def laid(
    page: Picture, card: Drawn, quad: Quad, *, square: bool = False, shadow: int = 0
) -> Picture:
    """The page with the card in the quadrilateral; `square` keeps its corners unrounded."""
    size = (page.shape[1], page.shape[0])
    left, top = np.floor(quad.min(axis=0) - 3 * shadow - 4).clip(0).astype(int)
    right, bottom = np.minimum(np.ceil(quad.max(axis=0) + 3 * shadow + 4).astype(int), size)
    window = page[top:bottom, left:right].astype(np.float32)
    extent = (int(right - left), int(bottom - top))
    source = (UNIT * (card.image.shape[1], card.image.shape[0])).astype(np.float32)
    target = (quad - (left, top)).astype(np.float32)
    span = np.linalg.norm(quad[1] - quad[0]) / card.image.shape[1]
    # averaged before it is sampled more coarsely
    image = card.image if span > 0.8 else cv2.GaussianBlur(card.image, (0, 0), 0.35 / span)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = cv2.warpPerspective(
        image, matrix, extent, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mask = np.full_like(card.mask, 255) if square else card.mask
    alpha = cv2.warpPerspective(mask, matrix, extent).astype(np.float32)[..., None] / 255
    if shadow:
        offset = np.array([[1, 0, shadow * 0.6], [0, 1, shadow]], np.float32)
        dark = cv2.GaussianBlur(cv2.warpAffine(alpha, offset, extent), (0, 0), shadow)
        window *= 1 - 0.4 * dark[..., None]
    page = page.copy()
    mixed = window * (1 - alpha) + warped * alpha
    page[top:bottom, left:right] = np.clip(mixed, 0, 255).astype(np.uint8)
    return page


def on_desk(page: Picture, sheet: Picture, quad: Quad) -> Picture:
    """The page with a sheet of paper in the quadrilateral."""
    size = (page.shape[1], page.shape[0])
    source = (UNIT * (sheet.shape[1], sheet.shape[0])).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, quad.astype(np.float32))
    warped = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_LINEAR)
    covered = cv2.warpPerspective(np.full(sheet.shape[:2], 255, np.uint8), matrix, size) > 127
    return np.where(covered[..., None], warped, page).astype(np.uint8)


def typed_page(size: Size, family: Family, rng: random.Random) -> Picture:
    """A sheet of office prose, with the words that cards print among others."""
    page = Image.new("RGB", size, "white")
    em = max(size[0] // 50, 8)
    pen, font = ImageDraw.Draw(page), fonts.load(family.regular, em)
    margin = size[0] // 10
    for y in range(margin, size[1] - margin, round(1.5 * em)):
        if rng.random() < 0.88:
            line = " ".join(rng.choices(_PROSE, k=9))
            pen.text((margin, y), line, font=font, fill=(40, 40, 40))
    return np.asarray(page)


_PROSE = """solicito a usted la renovación del documento nacional de identidad adjunto copia
fecha de nacimiento dirección distrito provincia firma sello expediente oficina registro conforme
presente señor director que se me expida constancia por lo expuesto atentamente""".split()


def _wood(size: Size, card: Drawn, rng: random.Random) -> Picture:
    noise = np.random.default_rng(rng.getrandbits(32))
    shape = (size[1] // 6 + 2, size[0] // 150 + 2)
    grain = noise.normal(0, rng.uniform(6, 16), shape)
    grain = cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)
    return _shaded(rng.choice(_WOODS), grain)


def _cloth(size: Size, card: Drawn, rng: random.Random) -> Picture:
    period = rng.uniform(5, 12)
    columns = np.sin(np.arange(size[0], dtype=np.float32) * 2 * np.pi / period)
    rows = np.sin(np.arange(size[1], dtype=np.float32) * 2 * np.pi / period)
    return _shaded(rng.choice(_CLOTHS), rng.uniform(5, 12) * np.outer(rows, columns))


def _plain_desk(size: Size, card: Drawn, rng: random.Random) -> Picture:
    return plain(size, rng.choice((*_CLOTHS, (200, 200, 196), (235, 235, 232), (30, 30, 32))))


def _like_coloured(size: Size, card: Drawn, rng: random.Random) -> Picture:
    """The card's own pale colour, a shade off."""
    colour = np.median(card.image[::16, ::16].reshape(-1, 3), axis=0)
    shade = rng.choice((-1, 1)) * rng.uniform(8, 22)
    return plain(size, tuple(int(c) for c in np.clip(colour + shade, 0, 255)))


def _page(size: Size, card: Drawn, rng: random.Random) -> Picture:
    family = rng.choice(fonts.families("all"))
    return typed_page(size, family, rng)


def _shaded(colour: tuple[int, int, int], grain: NDArray[np.floating]) -> Picture:
    shades = np.array(colour, np.float32) + grain[..., None].astype(np.float32)
    return np.clip(shades, 0, 255).astype(np.uint8)
