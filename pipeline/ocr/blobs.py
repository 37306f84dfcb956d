"""Where print is on a whole page, in any direction; its words are not read yet."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Points
from pipeline.ocr.recognition import STRIDE_PX, Engine

_TEXT_PROBABILITY = 0.4
"""Print that is small on its page is seen faintly."""

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
        """Which lines have their centre inside the quadrilateral."""
        contour = quad.astype(np.float32)
        return np.array(
            [cv2.pointPolygonTest(contour, (x, y), False) >= 0 for x, y in self.centres], bool
        )

    def cut_by(self, quad: Points) -> int:
        """How many lines the quadrilateral's border runs through."""
        contour = quad.astype(np.float32)
        depth = [
            [cv2.pointPolygonTest(contour, (x, y), True) for x, y in corners]
            for corners in self.corners
        ]
        return sum(
            min(d) < -0.6 * h and max(d) > 0.6 * h for d, h in zip(depth, self.heights, strict=True)
        )


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
