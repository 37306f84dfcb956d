"""What cameras, lamps and copiers do to a picture."""

import random

import cv2
import numpy as np

from specimens.geometry import Quad
from specimens.surfaces import Picture

_TILE = 512


def lit(page: Picture, rng: random.Random, strength: float) -> Picture:
    """A gradient of light and a tint."""
    height, width = page.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :] * np.cos(angle)
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * np.sin(angle)
    light = (rng.uniform(0.8, 1.08) + strength * (x + y)).astype(np.float32)
    tint = np.array([rng.uniform(0.92, 1.06) for _ in range(3)], np.float32)
    return np.clip(page * (light[..., None] * tint), 0, 255).astype(np.uint8)


def glare(page: Picture, quad: Quad, rng: random.Random) -> Picture:
    """A lamp that pales what it covers and hides nothing for good."""
    height, width = page.shape[:2]
    cx, cy = quad[0] + (quad[2] - quad[0]) * np.array([rng.random(), rng.random()])
    radius = rng.uniform(0.06, 0.18) * np.linalg.norm(quad[1] - quad[0])
    x = np.arange(width, dtype=np.float32)[None, :] - cx
    y = np.arange(height, dtype=np.float32)[:, None] - cy
    y *= rng.uniform(0.6, 1.6)
    spot = rng.uniform(0.3, 0.6) * np.exp(-(x**2 + y**2) / (2 * radius**2))
    return (page + (255 - page) * spot[..., None].astype(np.float32)).astype(np.uint8)


def moved(page: Picture, length: float, angle: float) -> Picture:
    """Blurred by a hand that moved by this many px."""
    kernel = np.zeros((15, 15), np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    # in sixteenths of a px about the centre
    start, end = ([round(16 * v) for v in 7 + side * reach] for side in (1, -1))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_AA, 4)
    return cv2.filter2D(page, -1, kernel / kernel.sum()).astype(np.uint8)


def blurred(page: Picture, sigma: float) -> Picture:
    """A little out of focus."""
    return cv2.GaussianBlur(page, (0, 0), sigma).astype(np.uint8)


def noisy(page: Picture, rng: random.Random, sigma: float) -> Picture:
    """Grain of a sensor: mostly brightness, a little colour."""
    noise = np.random.default_rng(rng.getrandbits(32))
    grain = noise.normal(0, sigma, (_TILE, _TILE, 1))
    grain = grain + noise.normal(0, sigma / 3, (_TILE, _TILE, 3))
    height, width = page.shape[:2]
    repeats = (-(-height // _TILE), -(-width // _TILE), 1)
    tiled = np.tile(grain.round().astype(np.int16), repeats)[:height, :width]
    return np.clip(page.astype(np.int16) + tiled, 0, 255).astype(np.uint8)


def copied(page: Picture, rng: random.Random) -> Picture:
    """A grey copy: steep contrast, toner specks, and for some the stripes of thermal paper."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32)
    middle, gain = rng.uniform(115, 140), rng.uniform(1.15, 1.6)
    grey = (grey - middle) * gain + rng.uniform(145, 170)
    noise = np.random.default_rng(rng.getrandbits(32))
    if rng.random() < 0.3:
        stripes = cv2.GaussianBlur(noise.normal(0, 14, (1, grey.shape[1])), (0, 0), 1.5)
        grey = 30 + grey * 0.8 + stripes.astype(np.float32)
    specks = noise.integers(0, grey.size, grey.size // 4000)
    grey.flat[specks] = rng.choice((40, 120))
    page = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    mono = noisy(page, rng, rng.uniform(3, 8))[..., :1]
    return np.repeat(blurred(mono, rng.uniform(0.3, 0.7))[..., None], 3, axis=2)
