"""Where print is on a whole page, in any direction; its words are not read yet."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Points
from pipeline.ocr.geometry import off_tilt, tilt, tilt_of
from pipeline.ocr.recognition import STRIDE_PX, Engine

_TEXT_PROBABILITY = 0.4
"""Print that is small on its page is seen faintly."""

_LONG = 3.0
"""Lines this many times as long as high have a direction."""
_ACROSS_RADIANS = 0.14
"""Lines this much off the sides of a card are not the card's; perspective turns them less."""

_TEXT_SIDE_PX = 704
"""Longest side of the picture that text is looked for in."""


@dataclass(frozen=True)
class TextBlobs:
    """Lines of text found on the whole page."""

    centres: Points
    """(n, 2) px."""
    heights: NDArray[np.float64]
    """(n,) px."""
    corners: NDArray[np.float64]
    """(n, 4, 2) px."""

    def inside(self, quad: Points) -> NDArray[np.bool_]:
        """Which lines have their centre inside the convex quadrilateral, and run along its sides.

        Those of a card on a printed page do not run along the page's.
        """
        sides = self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 1]
        lengths = [np.linalg.norm(side, axis=1) for side in sides]
        off = off_tilt(tilt(sides[0]), tilt_of(quad))
        short = np.maximum(*lengths) < _LONG * np.minimum(*lengths)
        return (_depth(self.centres, quad) >= 0) & (short | (off < _ACROSS_RADIANS))

    def cut_by(self, quad: Points) -> int:
        """How many lines the convex quadrilateral's border runs through."""
        depth = _depth(self.corners, quad)
        beyond = 0.6 * self.heights
        return int(((depth.min(axis=1) < -beyond) & (depth.max(axis=1) > beyond)).sum())


def _depth(points: NDArray[np.float64], quad: Points) -> NDArray[np.float64]:
    """How far points (…, 2) lie within the nearest side of a clockwise quadrilateral, in px."""
    sides = np.roll(quad, -1, axis=0) - quad
    inward = np.stack([-sides[:, 1], sides[:, 0]], axis=1)
    inward /= np.linalg.norm(sides, axis=1, keepdims=True) + 1e-9
    depth: NDArray[np.float64] = (points @ inward.T - (quad * inward).sum(axis=1)).min(axis=-1)
    return depth


def text_blobs(engine: Engine, page: Image) -> TextBlobs:
    """Lines of text on the page, in any direction."""
    scale = min(1.0, _TEXT_SIDE_PX / max(page.shape[:2]))
    size = [
        max(STRIDE_PX, round(side * scale / STRIDE_PX) * STRIDE_PX) for side in page.shape[1::-1]
    ]
    probability = engine.text_probability(cv2.resize(page, size, interpolation=cv2.INTER_AREA))
    mask = (probability > _TEXT_PROBABILITY).astype(np.uint8)
    unit = np.array(page.shape[1::-1], float) / size
    boxes, heights = [], []
    for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
        rectangle = cv2.minAreaRect(contour)
        if min(rectangle[1]) >= 2:
            boxes.append(cv2.boxPoints(rectangle) * unit)
            # the detector marks the core of a line, about 0.6 of the letters' height
            heights.append(min(rectangle[1]) * float(unit.mean()) / 0.6)
    corners = np.array(boxes, float).reshape(-1, 4, 2)
    return TextBlobs(corners.mean(axis=1), np.array(heights), corners)


def is_blank(image: Image) -> bool:
    """Whether a page is nothing but paper: hardly any of it is darker or lighter than the rest."""
    small = cv2.resize(image, (256, 256), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(int)
    return bool((np.abs(grey - np.median(grey)) > 40).mean() < 0.005)
