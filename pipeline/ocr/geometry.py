"""Quadrilaterals and the projective maps between them.

A quadrilateral is a float array of shape (4, 2), x and y, clockwise as seen on a screen (y down).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Points

CARD_ASPECT = 85.60 / 53.98
"""Width to height of an ID-1 card (ISO/IEC 7810)."""
_UNIT_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)


def clockwise(points: Points) -> Points:
    """The four corners of a convex quadrilateral, clockwise, nearest to the origin first."""
    centre = points.mean(axis=0)
    ordered = points[np.argsort(np.arctan2(*(points - centre).T[::-1]))]
    return np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0)


def long_side_first(quad: Points) -> Points:
    """The same corners, rolled so that the first and third sides are the long ones."""
    width, height = mean_size(quad)
    return quad if width >= height else np.roll(quad, 1, axis=0)


def mean_size(quad: Points) -> tuple[float, float]:
    """Mean length of the first and third side, and of the second and fourth."""
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2


def area(quad: Points) -> float:
    """Area of a simple polygon, in its own units squared."""
    return float(cv2.contourArea(quad.astype(np.float32)))


def overlap(first: Points, second: Points) -> float:
    """Shared area of two convex quadrilaterals over the area of the smaller, 0..1."""
    shared, _ = cv2.intersectConvexConvex(first.astype(np.float32), second.astype(np.float32))
    return float(shared) / max(min(area(first), area(second)), 1e-9)


def tilt(sides: Points) -> NDArray[np.float64]:
    """Angle of vectors (n, 2) in radians, modulo a right angle: 0 for level and upright ones."""
    quarter = 4 * np.arctan2(sides[:, 1], sides[:, 0])
    angles: NDArray[np.float64] = np.angle(np.exp(1j * quarter)) / 4
    return angles


def off_tilt(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far two tilts are apart, 0..π/4."""
    apart: NDArray[np.float64] = np.abs(np.angle(np.exp(4j * (first - second)))) / 4
    return apart


def tilt_of(quad: Points) -> NDArray[np.float64]:
    """The tilt of a quadrilateral, (1,): that of its sides together."""
    sides = np.roll(quad, -1, axis=0) - quad
    weight = np.linalg.norm(sides, axis=1)
    return np.angle((weight * np.exp(4j * tilt(sides))).sum(keepdims=True)) / 4


def expanded(quad: Points, factor: float) -> Points:
    """The quadrilateral scaled by `factor` about its centre."""
    centre = quad.mean(axis=0)
    return centre + (quad - centre) * factor


def card_size(quad: Points, max_width: int) -> tuple[int, int]:
    """Width and height in px at which a card is straightened: its own resolution, up to a limit."""
    width = min(max_width, max(640, round(mean_size(quad)[0])))
    return width, round(width / CARD_ASPECT)


def shrunk(image: Image, scale: float) -> Image:
    """The image at a scale of at most 1, averaged: a point (x, y) comes to lie at scale · (x, y).

    A whole number of pixels is averaged first, which is four times as fast; up to that many may be
    lost at the right and lower border.
    """
    step = int(1 / scale)
    height, width = image.shape[0] // step * step, image.shape[1] // step * step
    if step > 1:
        size = width // step, height // step
        image = cv2.resize(image[:height, :width], size, interpolation=cv2.INTER_AREA)
    rest = scale * step
    if rest == 1:
        return image
    return cv2.resize(image, None, fx=rest, fy=rest, interpolation=cv2.INTER_AREA)


def straighten(image: Image, quad: Points, size: tuple[int, int]) -> Image:
    """The quadrilateral's content as an upright rectangle of `size` (width, height) px."""
    width, height = size
    target = _UNIT_SQUARE * (width, height)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target.astype(np.float32))
    shrinking = mean_size(quad)[0] > 1.5 * width
    flags = cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC
    if shrinking:  # warping samples single pixels: average first, or thin strokes alias
        scale = 1.25 * width / mean_size(quad)[0]
        return straighten(shrunk(image, scale), quad * scale, size)
    return cv2.warpPerspective(image, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def levelled(quad: Points, slope: float) -> Points:
    """The card's corners, turned so that lines which fall by `slope`, px a px, become level."""
    fall = slope * CARD_ASPECT
    tilted = _UNIT_SQUARE + np.array([[0, -fall / 2], [0, fall / 2]] * 2)[[0, 1, 1, 0]]
    slant = np.array([[slope / CARD_ASPECT / 2, 0], [-slope / CARD_ASPECT / 2, 0]])
    return unit_to_quad(tilted + slant[[0, 0, 1, 1]], quad)


def upside_down(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Where a box, `x, y, w, h` in 0..1, comes to lie when its card is turned by 180 degrees."""
    x, y, w, h = box
    return 1 - x - w, 1 - y - h, w, h


def unit_to_quad(points: Points, quad: Points) -> Points:
    """Map points from 0..1 of the upright rectangle to the quadrilateral's own coordinates."""
    matrix = cv2.getPerspectiveTransform(_UNIT_SQUARE.astype(np.float32), quad.astype(np.float32))
    return cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0]


def quad_to_unit(points: Points, quad: Points) -> Points:
    """Map points from the quadrilateral's coordinates to 0..1 of the upright rectangle."""
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), _UNIT_SQUARE.astype(np.float32))
    return cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0]


def part(quad: Points, box: tuple[float, float, float, float]) -> Points:
    """The corners of a box, `x, y, w, h` in 0..1 of the upright rectangle; it may lie outside."""
    x, y, w, h = box
    return unit_to_quad(_UNIT_SQUARE * (w, h) + (x, y), quad)
