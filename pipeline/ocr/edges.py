"""Edges of a page: how strong they are, and quadrilaterals drawn to them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Points
from pipeline.ocr.geometry import long_side_first, mean_size

_SAMPLES = 48
"""Points along each side at which its edge is looked for."""

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
    strength = np.max(gradients, axis=0)
    # every fourth row and column tell as much
    return Edges(strength, max(12.0, float(np.percentile(strength[::4, ::4], 70))))


def snapped(quad: Points, edges: Edges) -> Points:
    """The quadrilateral with each side moved to the edge nearest to it, corners where sides meet.

    Approximated contours cut rounded corners and swallow shadows; a line fitted to the middle of
    each side does neither.
    """
    reach = 0.025 * mean_size(long_side_first(quad))[1]
    offsets = np.arange(-np.ceil(reach), np.ceil(reach) + 1)
    lines = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = start + np.linspace(0.08, 0.92, _SAMPLES)[:, None] * (end - start)
        normal = _normal(start, end)
        strength = _sample(edges.strength, along[:, None] + offsets[:, None] * normal)
        points = along + offsets[strength.argmax(axis=1)][:, None] * normal
        strong = strength.max(axis=1) >= np.median(strength.max(axis=1)) * 0.5
        vx, vy, x, y = cv2.fitLine(
            points[strong].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01
        ).ravel()
        lines.append(np.cross([x, y, 1.0], [x + vx, y + vy, 1.0]))
    corners = [np.cross(lines[i - 1], lines[i]) for i in range(4)]
    if min(abs(corner[2]) for corner in corners) < 1e-6:
        return quad
    snapped = np.array([corner[:2] / corner[2] for corner in corners])
    moved = np.linalg.norm(snapped - quad, axis=1).max()
    return snapped if moved < 4 * reach else quad


def support(quad: Points, edges: Edges) -> float:
    """Share of the outline that lies on an edge, 0..1; where the page ends none can be seen."""
    height, width = edges.strength.shape
    shares = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = start + np.linspace(0.08, 0.92, _SAMPLES)[:, None] * (end - start)
        on_border = (along < 3) | (along > np.array([width, height]) - 4)
        if on_border.any(axis=1).mean() > 0.8:
            shares.append(_NO_EDGE)
            continue
        near = along[:, None] + np.arange(-2, 3)[:, None] * _normal(start, end)
        shares.append(float((_sample(edges.strength, near).max(axis=1) > edges.strong).mean()))
    return max(float(np.mean(shares)), _NO_EDGE)


def _normal(start: Points, end: Points) -> Points:
    side = end - start
    normal: Points = np.array([side[1], -side[0]]) / (np.linalg.norm(side) + 1e-9)
    return normal


def _sample(strength: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Edge strength at points (…, 2) in px; 0 outside the page."""
    x, y = np.rint(points[..., 0]).astype(int), np.rint(points[..., 1]).astype(int)
    height, width = strength.shape
    within = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(within, strength[y.clip(0, height - 1), x.clip(0, width - 1)], 0)
