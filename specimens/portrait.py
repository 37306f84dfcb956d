"""The holder's picture: one public-domain portrait, cut, mirrored and tinted differently each time.

It is NASA's of Eileen Collins, as `skimage.data.astronaut()` ships it.
"""

import random
from dataclasses import dataclass
from functools import cache

import numpy as np
import skimage.data
from PIL import Image, ImageOps

from specimens.prints import Box

_CENTRE_X = 226
_TALLEST, _SHORTEST = 285, 225
"""px of the picture from the top that show head and shoulders."""
_FACE: Box = (182, 63, 87, 120)
"""Forehead to chin and ear to ear, px of the picture."""


@dataclass(frozen=True)
class Portrait:
    """A picture to be fitted to any box."""

    picture: Image.Image
    face: Box
    """0..1 of the picture."""


def portrait(rng: random.Random, aspect: float) -> Portrait:
    """Head and shoulders in a picture of this width to height."""
    height = min(rng.uniform(_SHORTEST, _TALLEST), 2 * _CENTRE_X / aspect - 30)
    width = height * aspect
    left = _CENTRE_X - width / 2 + rng.uniform(-7, 7)
    top = rng.uniform(0, 8)
    edges = (round(left), round(top), round(left + width), round(top + height))
    cut = _source().crop(edges)
    x, y, w, h = _FACE
    face = ((x - left) / width, (y - top) / height, w / width, h / height)
    if rng.random() < 0.5:
        cut, face = ImageOps.mirror(cut), (1 - face[0] - face[2], *face[1:])
    return Portrait(_tinted(cut, rng), face)


def ghost(of: Portrait) -> Image.Image:
    """The small pale repetition."""
    return ImageOps.grayscale(of.picture).convert("RGB")


def _tinted(picture: Image.Image, rng: random.Random) -> Image.Image:
    if rng.random() < 0.35:
        picture = ImageOps.grayscale(picture).convert("RGB")
    gains = np.array([rng.uniform(0.9, 1.08) for _ in range(3)])
    pixels = (np.asarray(picture) - 128.0) * rng.uniform(0.8, 1.1) + rng.uniform(122, 145)
    return Image.fromarray(np.clip(pixels * gains, 0, 255).astype(np.uint8))


@cache
def _source() -> Image.Image:
    return Image.fromarray(skimage.data.astronaut())
