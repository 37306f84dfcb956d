"""Where the lines of text are on a straightened card, and what they say."""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.elements import Image, Line
from pipeline.ocr import blanks, ppocr
from pipeline.ocr.recognition import PRINT, Recogniser

Box = tuple[float, float, float, float]
"""x, y, w, h, 0..1 of the card."""

_DETECTION_WIDTH_PX = 768
_TEXT_PROBABILITY = 0.3
_MEAN_PROBABILITY = 0.5
_UNCLIP = 1.5
"""The detector marks the core of a line; its box is that core grown by this × area / perimeter
(Liao et al., Real-time Scene Text Detection with Differentiable Binarization, 2020)."""
_MIN_HEIGHT_PX = 5
_MARGIN = 0.08
"""Ground left around a line picture, of its height: crops that touch the letters lose them."""


def find(card: Image) -> list[Box]:
    """Boxes of the lines of text on a card, top to bottom; vertical print is left out."""
    scale = _DETECTION_WIDTH_PX / card.shape[1]
    height = int(np.ceil(card.shape[0] * scale / 32) * 32)
    probability = ppocr.text_probability(cv2.resize(card, (_DETECTION_WIDTH_PX, height)))
    mask = (probability > _TEXT_PROBABILITY).astype(np.uint8)
    boxes = []
    for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, w, h = cv2.boundingRect(contour)
        core = mask[y : y + h, x : x + w] > 0
        if h < 3 or probability[y : y + h, x : x + w][core].mean() < _MEAN_PROBABILITY:
            continue
        grow = _UNCLIP * w * h / (2 * (w + h))
        x0, y0 = max(x - grow, 0), max(y - grow, 0)
        x1, y1 = min(x + w + grow, _DETECTION_WIDTH_PX), min(y + h + grow, height)
        if y1 - y0 >= _MIN_HEIGHT_PX and y1 - y0 < 1.5 * (x1 - x0):
            boxes.append((x0, y0, x1 - x0, y1 - y0))
    unit = np.array([_DETECTION_WIDTH_PX, height] * 2)
    return sorted((tuple((np.array(b) / unit).tolist()) for b in boxes), key=lambda b: b[1])


def cut(card: Image, boxes: Sequence[Box]) -> list[Image]:
    """The picture of each box, with a little ground around it."""
    height, width = card.shape[:2]
    pictures = []
    for x, y, w, h in boxes:
        margin = _MARGIN * h * height
        left, right = int(max(x * width - margin, 0)), int((x + w) * width + margin) + 1
        top, bottom = int(max(y * height - margin, 0)), int((y + h) * height + margin) + 1
        pictures.append(card[top:bottom, left:right])
    return pictures


def read_lines(
    engine: Recogniser, card: Image, boxes: Sequence[Box], alphabet: str = PRINT
) -> list[Line]:
    """Read each box as one line; the text is empty where nothing was read."""
    pictures = cut(card, boxes)
    read = []
    for picture, box, text in zip(pictures, boxes, engine.read(pictures, alphabet), strict=True):
        words = blanks.restored(picture, text) if " " in alphabet else text.text
        read.append(Line(words.strip(), *box, text.confidence))
    return read
