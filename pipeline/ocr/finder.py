"""Finds the quadrilaterals of a page that may be cards.

Four sources propose candidates: closed edges, regions unlike the page's ground, the page itself
when it has a card's shape, and groups of print. Every candidate is judged by the same evidence
(shape, edge along its sides, how the text lies in it), the best are kept, and print that none of
them holds is given to the reader too.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from pipeline.elements import Image, Points
from pipeline.ocr import ppocr
from pipeline.ocr.geometry import (
    CARD_ASPECT,
    area,
    clockwise,
    expanded,
    long_side_first,
    mean_size,
    overlap,
    quad_to_unit,
)

_WORK_SIDE_PX = 960
"""Longest side of the picture that edges are looked for in."""
_TEXT_SIDE_PX = 704
"""Longest side of the picture that text is looked for in."""
_TEXT_PROBABILITY = 0.3
_SMALLEST_CARD = 0.012
"""Of the page's area."""
_LETTERS = 0.04
"""Typical height of the letters on a card, of the card's height."""
_CONTENT_ASPECT = (1.3, 2.1)
"""Width to height of what is printed on a card."""
_TEXT_SPREAD = np.array([0.5, 0.5])
"""Least part of a card's width and height over which the centres of its lines are spread."""
_LARGEST_AROUND = 6.0
"""A region around a candidate, of up to so many times its area, may be the card it is a part of;
a larger one is a sheet."""
_NO_EDGE = 0.45
"""Support of a card whose edges are gone."""
_SAMPLES = 48
"""Points along each side at which its edge is looked for."""


class Finder(BaseModel):
    """What counts as a card's shape; values come from the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_aspect: float
    max_aspect: float
    """Width to height, as seen under perspective."""
    min_score: float
    """0..1; a candidate below is not a card."""
    min_text_lines: int
    """A patch with fewer lines of text is not worth reading."""


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


def find_cards(image: Image, settings: Finder) -> list[Points]:
    """Corners, in px of the page, of every patch that may be a card, in reading order.

    Each is clockwise and begins with a long side; which of the two long sides is the card's upper
    one is not decided here. An empty list means that there is no text on the page.
    """
    if is_blank(image):  # text detectors see writing in the grain of paper
        return []
    scale = min(1.0, _WORK_SIDE_PX / max(image.shape[:2]))
    page = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    text = _text(page)
    if len(text.heights) < settings.min_text_lines:
        return []
    edges = _edge_strength(page)
    candidates = [_snapped(quad, edges) for quad in (*_closed_edges(page), *_foreground(page))]
    candidates += [_whole(page), *_clusters(text, [], page, settings)]
    candidates = [quad for quad in candidates if _plausible(quad, page, settings)]
    chosen = _best(candidates, edges, text, settings)
    chosen += _clusters(text, chosen, page, settings)
    return _reading_order([quad / scale for quad in chosen])


def is_blank(image: Image) -> bool:
    """Whether a page is nothing but paper: hardly any of it is darker or lighter than the rest."""
    small = cv2.resize(image, (256, 256), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(int)
    return bool((np.abs(grey - np.median(grey)) > 40).mean() < 0.005)


def _text(page: Image) -> TextBlobs:
    """Lines of text on the page, in any direction."""
    scale = min(1.0, _TEXT_SIDE_PX / max(page.shape[:2]))
    size = [max(32, round(side * scale / 32) * 32) for side in page.shape[1::-1]]
    probability = ppocr.text_probability(cv2.resize(page, size, interpolation=cv2.INTER_AREA))
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


def _edge_strength(page: Image) -> NDArray[np.float32]:
    """The strongest gradient over the colour channels, per pixel, on a scale of its own."""
    smooth = cv2.GaussianBlur(cv2.cvtColor(page, cv2.COLOR_RGB2LAB), (5, 5), 0)
    gradients = [
        cv2.magnitude(cv2.Sobel(channel, cv2.CV_32F, 1, 0), cv2.Sobel(channel, cv2.CV_32F, 0, 1))
        for channel in cv2.split(smooth)
    ]
    return np.max(gradients, axis=0)


def _closed_edges(page: Image) -> list[Points]:
    """Quadrilaterals around closed contours of edges, at several sensitivities."""
    quads: list[Points] = []
    smooth = cv2.bilateralFilter(page, 7, 40, 7)
    channels = [*cv2.split(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB))]
    for low, high in ((10, 30), (20, 60), (60, 160)):
        edges = np.max([cv2.Canny(channel, low, high) for channel in channels], axis=0)
        closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        quads += _quads(closed, cv2.RETR_LIST)
    return quads


def _foreground(page: Image) -> list[Points]:
    """Quadrilaterals around regions whose colour differs from the ground at the page's border."""
    lab = cv2.cvtColor(cv2.GaussianBlur(page, (5, 5), 0), cv2.COLOR_RGB2LAB).astype(np.float32)
    rim = max(2, min(page.shape[:2]) // 60)
    border = np.concatenate(
        [lab[:rim].reshape(-1, 3), lab[-rim:].reshape(-1, 3),
         lab[:, :rim].reshape(-1, 3), lab[:, -rim:].reshape(-1, 3)]
    )  # fmt: skip
    ground = np.median(border, axis=0)
    own = float(np.percentile(np.linalg.norm(border - ground, axis=1), 95))
    difference = np.clip(np.linalg.norm(lab - ground, axis=2), 0, 255).astype(np.uint8)
    quads: list[Points] = []
    otsu, _ = cv2.threshold(difference, 0, 255, cv2.THRESH_OTSU)
    # more than the ground differs from itself, or as much as splits the picture in two
    for threshold in (max(3.0, 1.5 * own), max(8.0, otsu * 0.6), max(8.0, otsu)):
        mask = (difference > threshold).astype(np.uint8) * 255
        size = max(3, max(page.shape[:2]) // 80) | 1
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        quads += _quads(mask, cv2.RETR_EXTERNAL)
    return quads


def _whole(page: Image) -> Points:
    height, width = page.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], float)


def _quads(mask: NDArray[np.uint8], mode: int) -> list[Points]:
    """Four-sided approximations of the mask's contours."""
    smallest = _SMALLEST_CARD * mask.size
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


def _plausible(quad: Points, page: Image, settings: Finder) -> bool:
    """A convex, card-shaped quadrilateral that is large enough to be read."""
    width, height = mean_size(long_side_first(quad))
    if height <= 0 or not settings.min_aspect <= width / height <= settings.max_aspect:
        return False
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(sides, axis=1)
    following = np.roll(sides, -1, axis=0)
    cosines = (sides * following).sum(axis=1) / (lengths * np.roll(lengths, -1) + 1e-9)
    square_enough = bool(np.abs(cosines).max() < 0.5)
    return square_enough and area(quad) >= _SMALLEST_CARD * page.shape[0] * page.shape[1]


def _snapped(quad: Points, edges: NDArray[np.float32]) -> Points:
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
        strength = _sample(edges, along[:, None] + offsets[:, None] * normal)
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


def _normal(start: Points, end: Points) -> Points:
    side = end - start
    normal: Points = np.array([side[1], -side[0]]) / (np.linalg.norm(side) + 1e-9)
    return normal


def _sample(edges: NDArray[np.float32], points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Edge strength at points (…, 2) in px; 0 outside the page."""
    x, y = np.rint(points[..., 0]).astype(int), np.rint(points[..., 1]).astype(int)
    height, width = edges.shape
    within = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(within, edges[y.clip(0, height - 1), x.clip(0, width - 1)], 0)


def _score(quad: Points, edges: NDArray[np.float32], text: TextBlobs, settings: Finder) -> float:
    """How much a quadrilateral looks like a card, 0..1."""
    inside = text.inside(quad)
    if inside.sum() < settings.min_text_lines:
        return 0.0
    quad = long_side_first(quad)
    width, height = mean_size(quad)
    shape = np.exp(-((np.log(width / height / CARD_ASPECT) / 0.18) ** 2))
    # letters are 2 to 6 % of a card's height; on a sheet around the card they are far smaller
    letters = np.log(np.median(text.heights[inside]) / height / _LETTERS)
    scale = np.exp(-((letters / 0.9) ** 2))
    spread = np.ptp(quad_to_unit(text.centres[inside], quad), axis=0)
    filled = np.clip(spread / _TEXT_SPREAD, 0, 1).prod()
    whole = 1 / (1 + text.cut_by(quad))
    shares = (0.3 + 0.7 * shape) * (0.4 + 0.6 * whole) * (0.3 + 0.7 * filled)
    return float(_support(quad, edges) * shares * scale)


def _support(quad: Points, edges: NDArray[np.float32]) -> float:
    """Share of the outline that lies on an edge, 0..1; where the page ends none can be seen."""
    height, width = edges.shape
    strong = max(12.0, float(np.percentile(edges, 70)))
    shares = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = start + np.linspace(0.08, 0.92, _SAMPLES)[:, None] * (end - start)
        on_border = (along < 3) | (along > np.array([width, height]) - 4)
        if on_border.any(axis=1).mean() > 0.8:
            shares.append(_NO_EDGE)
            continue
        near = along[:, None] + np.arange(-2, 3)[:, None] * _normal(start, end)
        shares.append(float((_sample(edges, near).max(axis=1) > strong).mean()))
    return max(float(np.mean(shares)), _NO_EDGE)


def _best(
    candidates: list[Points],
    edges: NDArray[np.float32],
    text: TextBlobs,
    settings: Finder,
) -> list[Points]:
    """The highest scores first, none overlapping another that was kept."""
    held = [text.inside(quad) for quad in candidates]
    scores = [_score(quad, edges, text, settings) for quad in candidates]
    # a part of a card has straight edges too, but leaves text of the card outside
    sizes = np.array([area(quad) for quad in candidates])
    for i, own in enumerate(held):
        around = [
            int(other.sum())
            for other, size in zip(held, sizes, strict=True)
            if (other & own).sum() >= 0.8 * own.sum() and size < _LARGEST_AROUND * sizes[i]
        ]
        scores[i] *= own.sum() / max(*around, 1)
    kept: list[Points] = []
    for i in np.argsort(scores)[::-1]:
        quad = candidates[i]
        if scores[i] >= settings.min_score and all(overlap(quad, q) < 0.2 for q in kept):
            kept.append(long_side_first(quad))
    return kept


def _clusters(text: TextBlobs, chosen: list[Points], page: Image, settings: Finder) -> list[Points]:
    """Card-shaped rectangles around print that no chosen quadrilateral holds.

    On a copy the card's edges are often gone. What is left is print, which is parted along the
    direction of its lines until every part has a card's shape.
    """
    free = np.ones(len(text.heights), bool)
    for quad in chosen:
        free &= ~text.inside(expanded(quad, 1.1))
    if free.sum() < settings.min_text_lines:
        return []
    angle = _direction(text.corners[free])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    prints = np.concatenate([text.corners[free], _ink(page, chosen)]) @ turn
    is_text = np.arange(len(prints)) < free.sum()
    boxes = np.concatenate([prints.min(axis=1), prints.max(axis=1)], axis=1)
    quads = []
    for part in _parted(np.arange(len(boxes)), boxes):
        lines, pictures = is_text[part].sum(), (~is_text[part]).any()
        if lines >= settings.min_text_lines * (1 if pictures else 2):
            (left, top), (right, bottom) = boxes[part, :2].min(axis=0), boxes[part, 2:].max(axis=0)
            rectangle = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
            quads.append(expanded(_card_shaped(rectangle), 1.06) @ turn.T)
    return [q for q in quads if all(overlap(q, other) < 0.3 for other in chosen)]


def _direction(corners: NDArray[np.float64]) -> float:
    """Angle of most lines of text, in radians; which end is the upper one stays open."""
    sides = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]
    lengths = [np.linalg.norm(side, axis=1) for side in sides]
    longer = np.where((lengths[0] >= lengths[1])[:, None], *sides)
    weight = np.abs(lengths[0] - lengths[1])
    doubled = 2 * np.arctan2(longer[:, 1], longer[:, 0])  # a line has no head: 180 degrees are 0
    return float(np.arctan2((weight * np.sin(doubled)).sum(), (weight * np.cos(doubled)).sum()) / 2)


def _ink(page: Image, chosen: list[Points]) -> NDArray[np.float64]:
    """Rectangles, (n, 4, 2) px, around dark print of some size: portraits, chips, barcodes."""
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    mask = (grey < np.median(grey) - 60).astype(np.uint8)
    for quad in chosen:
        cv2.fillPoly(mask, [expanded(quad, 1.05).astype(np.int32)], 0)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    smallest = 0.002 * mask.size
    found = [
        cv2.boxPoints(cv2.minAreaRect(contour)).astype(float)
        for contour in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        if cv2.contourArea(contour) > smallest
    ]
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


def _reading_order(quads: list[Points]) -> list[Points]:
    """Top to bottom, then left to right; cards whose centres share a row are one row."""
    if not quads:
        return []
    row = 0.5 * float(np.median([mean_size(quad)[1] for quad in quads]))
    return sorted(quads, key=lambda q: (round(q[:, 1].mean() / row / 2), q[:, 0].mean()))
