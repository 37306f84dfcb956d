"""Quadrilaterals of a page that may be cards, from four sources; `finder.py` judges them."""

from collections.abc import Iterator
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Points
from pipeline.ocr.blobs import TextBlobs
from pipeline.ocr.geometry import (
    CARD_ASPECT,
    area,
    clockwise,
    expanded,
    mean_size,
    overlap,
)

SMALLEST_CARD = 0.012
"""Of the page's area."""

_SMALLEST_INK = 0.002
"""Of the page's area: dark print that is looked for beside text."""

_ALIKE_RADIANS = 0.1
_LONG = 2.5
"""Lines of text this many times as long as high have a direction."""

_CONTENT_ASPECT = (1.3, 2.1)
"""Width to height of what is printed on a card."""


def closed_edges(page: Image) -> list[Points]:
    """Quadrilaterals around closed contours of edges, at several sensitivities."""
    quads: list[Points] = []
    smooth = cv2.medianBlur(page, 5)
    channels = [*cv2.split(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB))]
    for low, high in ((10, 30), (40, 110)):
        edges = reduce(cv2.max, (cv2.Canny(channel, low, high) for channel in channels))
        closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        quads += _quads(closed, cv2.RETR_LIST)
    return quads


def foreground(page: Image) -> list[Points]:
    """Quadrilaterals around regions whose colour differs from the ground at the page's border."""
    half = cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(half, cv2.COLOR_RGB2LAB).astype(np.float32)
    rim = max(2, min(half.shape[:2]) // 60)
    border = np.concatenate(
        [lab[:rim].reshape(-1, 3), lab[-rim:].reshape(-1, 3),
         lab[:, :rim].reshape(-1, 3), lab[:, -rim:].reshape(-1, 3)]
    )  # fmt: skip
    ground = np.median(border, axis=0)
    own = float(np.percentile(np.linalg.norm(border - ground, axis=1), 95))
    away = cv2.subtract(lab, (*map(float, ground), 0.0))
    difference = np.sqrt(cv2.transform(away * away, np.ones((1, 3), np.float32)))
    difference = np.clip(difference, 0, 255).astype(np.uint8)
    quads: list[Points] = []
    otsu, _ = cv2.threshold(difference, 0, 255, cv2.THRESH_OTSU)
    # more than the ground differs from itself, or as much as splits the picture in two
    for threshold in (max(3.0, 1.5 * own), max(8.0, otsu * 0.6), max(8.0, otsu)):
        mask = (difference > threshold).astype(np.uint8) * 255
        size = max(3, max(half.shape[:2]) // 80) | 1
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        quads += [2 * quad for quad in _quads(mask, cv2.RETR_EXTERNAL)]
    return quads


def whole_page(page: Image) -> Points:
    """The page itself: a card that was cropped."""
    height, width = page.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], float)


def groups_of_print(
    text: TextBlobs, chosen: list[Points], page: Image, min_lines: int
) -> list[Points]:
    """Card-shaped rectangles around print that no chosen quadrilateral holds.

    On a copy the card's edges are often gone. What is left is print, which is parted along the
    direction of its lines until every part has a card's shape.
    """
    free = np.ones(len(text.heights), bool)
    for quad in chosen:
        free &= ~text.inside(expanded(quad, 1.1))
    if free.sum() < min_lines:
        return []
    quads = []
    beside = pictures(page, chosen)
    for angle, lines in _by_direction(text.corners[free], min_lines):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        prints = np.concatenate([lines, beside]) @ turn
        is_text = np.arange(len(prints)) < len(lines)
        boxes = np.concatenate([prints.min(axis=1), prints.max(axis=1)], axis=1)
        for part in _parted(np.arange(len(boxes)), boxes):
            count, has_picture = is_text[part].sum(), (~is_text[part]).any()
            if count >= min_lines * (1 if has_picture else 2):
                low, high = boxes[part, :2].min(axis=0), boxes[part, 2:].max(axis=0)
                (left, top), (right, bottom) = low, high
                rectangle = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
                quads.append(expanded(_card_shaped(rectangle), 1.06) @ turn.T)
    return [q for q in quads if all(overlap(q, other) < 0.3 for other in chosen)]


def _quads(mask: NDArray[np.uint8], mode: int) -> list[Points]:
    """Four-sided approximations of the mask's contours."""
    smallest = SMALLEST_CARD * mask.size
    quads = []
    for contour in cv2.findContours(mask, mode, cv2.CHAIN_APPROX_SIMPLE)[0]:
        hull = cv2.convexHull(contour)
        if cv2.contourArea(hull) < smallest:
            continue
        rectangle = cv2.boxPoints(cv2.minAreaRect(hull)).astype(float)
        if cv2.contourArea(hull) > 0.8 * area(rectangle):
            quads.append(clockwise(rectangle))
        for tolerance in (0.02, 0.05):
            corners = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
            if len(corners) == 4:
                quads.append(clockwise(corners[:, 0].astype(float)))
                break
    return quads


def _by_direction(
    corners: NDArray[np.float64], least: int
) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Lines of text that run alike, with their angle in radians; most lines first.

    A card on a printed page is told from the page by its tilt. Which end of a line is the upper one
    stays open; short lines have no clear direction and go with the first.
    """
    sides = np.stack([corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]])
    lengths = np.linalg.norm(sides, axis=2)
    longer = np.where((lengths[0] >= lengths[1])[:, None], sides[0], sides[1])
    weight = np.abs(lengths[0] - lengths[1])
    doubled = 2 * np.arctan2(longer[:, 1], longer[:, 0])  # a line has no head: 180 degrees are 0
    left = np.ones(len(corners), bool)
    has_direction = lengths.max(axis=0) > _LONG * lengths.min(axis=0)
    while left.sum() >= least:
        vector = (weight * np.exp(1j * doubled))[left].sum()
        angle = float(np.angle(vector)) / 2
        off = np.abs(np.angle(np.exp(1j * (doubled - 2 * angle)))) / 2
        alike = left & ((off < _ALIKE_RADIANS) | ~has_direction)
        if not alike.any():
            return
        yield angle, corners[alike]
        left &= ~alike


def pictures(page: Image, chosen: list[Points]) -> NDArray[np.float64]:
    """Rectangles, (n, 4, 2) px, around dark print of some size: portraits, chips, barcodes.

    None lie in the chosen quadrilaterals.
    What reaches the page's border is no print but what the sheet lies on.
    """
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    mask = (grey < np.median(grey) - 60).astype(np.uint8)
    for quad in chosen:
        cv2.fillPoly(mask, [expanded(quad, 1.05).astype(np.int32)], 0)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    height, width = mask.shape
    found = []
    for contour in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, w, h = cv2.boundingRect(contour)
        inside = x > 1 and y > 1 and x + w < width - 1 and y + h < height - 1
        if inside and cv2.contourArea(contour) > _SMALLEST_INK * mask.size:
            found.append(cv2.boxPoints(cv2.minAreaRect(contour)).astype(float))
    return np.array(found).reshape(-1, 4, 2)


def _parted(part: NDArray[np.int_], boxes: NDArray[np.float64]) -> list[NDArray[np.int_]]:
    """Indices of boxes (left, top, right, bottom) in card-shaped groups, by recursive XY-cut.

    A group of another shape is cut at the widest empty band across it, in either direction (Nagy
    and Seth, Hierarchical representation of optically scanned documents, 1984).
    """
    low, high = boxes[part, :2].min(axis=0), boxes[part, 2:].max(axis=0)
    width, height = high - low
    if len(part) < 2 or _CONTENT_ASPECT[0] <= width / max(height, 1) <= _CONTENT_ASPECT[1]:
        return [part]
    widest, cut = 0.0, part[:0]
    for axis in (0, 1):
        order = part[boxes[part, axis].argsort()]
        reached = np.maximum.accumulate(boxes[order, axis + 2])
        bands = boxes[order[1:], axis] - reached[:-1]
        if bands.max() > widest:
            widest, cut = float(bands.max()), order[: bands.argmax() + 1]
    if not len(cut):
        return [part]
    rest = part[~np.isin(part, cut)]
    return _parted(cut, boxes) + _parted(rest, boxes)


def _card_shaped(rectangle: Points) -> Points:
    """An upright rectangle widened or heightened about its centre to a card's aspect."""
    (width, height), centre = mean_size(rectangle), rectangle.mean(axis=0)
    wanted = np.array([max(width, height * CARD_ASPECT), max(height, width / CARD_ASPECT)])
    return centre + (rectangle - centre) * wanted / np.maximum((width, height), 1e-9)
