"""Edges of a page: how strong they are, and quadrilaterals drawn to them."""

from dataclasses import dataclass
from functools import lru_cache, reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Points
from pipeline.ocr.geometry import long_side_first, mean_size

_SAMPLES = 48
"""Points along each side at which its edge is looked for."""

_REACH = 0.025
"""How far from a side its edge is looked for, of the card's height."""

_CLEAR = 2.0
"""An edge this many times as strong as a weak one counts no more."""

_BORDER_PX = 3

_NO_EDGE = 0.45
"""Support of a card whose edges are gone."""


@dataclass(frozen=True)
class Edges:
    """How strong the edges of a page are."""

    strength: NDArray[np.float32]
    """(height, width), on a scale of its own."""
    strong: float
    """From where on a pixel counts as lying on an edge."""


def edges_of(page: Image) -> Edges:
    """The strongest gradient over the colour channels, per pixel."""
    smooth = cv2.GaussianBlur(cv2.cvtColor(page, cv2.COLOR_RGB2LAB), (5, 5), 0)
    gradients = [
        cv2.magnitude(cv2.Sobel(channel, cv2.CV_32F, 1, 0), cv2.Sobel(channel, cv2.CV_32F, 0, 1))
        for channel in cv2.split(smooth)
    ]
    strength = reduce(cv2.max, gradients)
    # every fourth row and column tell as much
    return Edges(strength, max(12.0, float(np.percentile(strength[::4, ::4], 70))))


def snapped(quad: Points, edges: Edges) -> Points:
    """The quadrilateral with each side moved to the straight edge near it, corners where they meet.

    Approximated contours cut rounded corners, swallow shadows and lean on lines of text. Here every
    straight line near a side is tried, and the one that most of an edge runs along is taken.
    """
    reach = int(np.ceil(_REACH * mean_size(long_side_first(quad))[1]))
    along, normals = _sides(quad)
    near = _beside(along, normals, np.arange(-reach, reach + 1.0))
    # print is stronger than a card's edge, and a card that was cropped ends where its page does
    evidence = np.minimum(_sample(edges.strength, near), _CLEAR * edges.strong)
    evidence[_on_border(near, edges)] = edges.strong
    tried = _lines_between(2 * reach + 1)
    runs = evidence[:, np.arange(_SAMPLES), tried].sum(axis=2).argmax(axis=1)
    ends = tried[runs][:, [0, -1]] - reach
    starts, stops = (along[:, i] + ends[:, [j]] * normals[:, 0] for i, j in ((0, 0), (-1, 1)))
    corners = [_meeting(starts[i - 1], stops[i - 1], starts[i], stops[i]) for i in range(4)]
    if any(corner is None for corner in corners):
        return quad
    moved = np.linalg.norm(np.array(corners, float) - quad, axis=1).max()
    return np.array(corners, float) if moved < 4 * reach else quad


@lru_cache(maxsize=64)
def _lines_between(offsets: int) -> NDArray[np.int_]:
    """Every line from an offset at one end of a side to one at its other end, (lines, samples)."""
    first, last = np.meshgrid(np.arange(offsets), np.arange(offsets))
    share = np.linspace(0, 1, _SAMPLES)
    lines = first.reshape(-1, 1) * (1 - share) + last.reshape(-1, 1) * share
    return np.rint(lines).astype(int)


def support(quad: Points, edges: Edges) -> float:
    """Share of the outline that lies on an edge, 0..1; where the page ends none can be seen."""
    along, normals = _sides(quad)
    on_border = _on_border(along, edges).mean(axis=1)
    near = _sample(edges.strength, _beside(along, normals, np.arange(-2.0, 3)))
    shares = (near.max(axis=2) > edges.strong).mean(axis=1)
    return max(float(np.where(on_border > 0.8, _NO_EDGE, shares).mean()), _NO_EDGE)


def _on_border(points: Points, edges: Edges) -> NDArray[np.bool_]:
    """Which points (…, 2) lie where the page ends."""
    end = np.array(edges.strength.shape[::-1]) - _BORDER_PX
    outermost = ((points < _BORDER_PX) | (points >= end)).any(axis=-1)
    within = ((points > -1) & (points <= end + _BORDER_PX)).all(axis=-1)
    return np.asarray(outermost & within, bool)


def _sides(quad: Points) -> tuple[Points, Points]:
    """Points along each side, (4, samples, 2), away from its rounded ends, and its normal."""
    sides = np.roll(quad, -1, axis=0) - quad
    along = quad[:, None] + np.linspace(0.08, 0.92, _SAMPLES)[:, None] * sides[:, None]
    normals = np.stack([sides[:, 1], -sides[:, 0]], axis=1)
    normals = normals / (np.linalg.norm(sides, axis=1, keepdims=True) + 1e-9)
    return along, normals[:, None]


def _beside(along: Points, normals: Points, offsets: NDArray[np.float64]) -> Points:
    """The points moved by each offset along their side's normal, (4, samples, offsets, 2)."""
    moved: Points = along[:, :, None] + offsets[:, None] * normals[:, :, None]
    return moved


def _meeting(a: Points, b: Points, c: Points, d: Points) -> Points | None:
    """Where the line through a and b crosses the one through c and d, or None if it hardly does."""
    u, v = b - a, d - c
    across = u[0] * v[1] - u[1] * v[0]
    if abs(across) < 1e-6 * np.linalg.norm(u) * np.linalg.norm(v):
        return None
    crossing: Points = a + u * ((c - a)[0] * v[1] - (c - a)[1] * v[0]) / across
    return crossing


def _sample(strength: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Edge strength at points (…, 2) in px; 0 outside the page."""
    x, y = np.rint(points[..., 0]).astype(int), np.rint(points[..., 1]).astype(int)
    height, width = strength.shape
    within = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(within, strength[y.clip(0, height - 1), x.clip(0, width - 1)], 0)
