"""Where the lines of text are on a straightened card, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image, Line
from pipeline.ocr.recognition import PRINT, STRIDE_PX, Engine, Text

Box = tuple[float, float, float, float]
"""x, y, w, h, 0..1 of the card."""

_DETECTION_WIDTH_PX = 768
_TEXT_PROBABILITY = 0.5
"""A pixel at least this probable lies on the core of a line."""
_MEAN_PROBABILITY = 0.5
_UNCLIP = 1.3
"""The detector marks the core of a line; its box is that core grown by this × area / perimeter
(Liao et al., Real-time Scene Text Detection with Differentiable Binarization, 2020)."""
_MIN_HEIGHT_PX = 5
_LONG_PX = 70
"""Lines at least this wide tell the slope."""
_ENOUGH_LINES = 3
_BESIDE, _ABOVE = 0.2, 0.05
"""Ground left around a line picture, of its height. Crops that touch the letters lose them; with
much ground above they are small at the height that lines are read at."""
_CROPS = ((_BESIDE, _ABOVE), (0.35, 0.12), (0.3, 0.0))
"""Ground around a line that is read repeatedly."""
_INDEPENDENCE = 0.6
"""How much each further crop tells: 1 if its mistakes had nothing to do with those of the first."""


@dataclass(frozen=True)
class Found:
    """Where the lines of text are on a card; vertical print is left out."""

    boxes: list[Box]
    """Top to bottom."""
    slope: float
    """How much the lines fall towards the right, px a px: 0 on a card that was cut out straight."""


def find(engine: Engine, card: Image) -> Found:
    """Look for lines of text."""
    scale = _DETECTION_WIDTH_PX / card.shape[1]
    height = int(np.ceil(card.shape[0] * scale / STRIDE_PX) * STRIDE_PX)
    probability = engine.text_probability(cv2.resize(card, (_DETECTION_WIDTH_PX, height)))
    mask = (probability > _TEXT_PROBABILITY).astype(np.uint8)
    boxes, slopes = [], []
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
            slopes += [_slope(contour)] if w > _LONG_PX else []
    unit = np.array([_DETECTION_WIDTH_PX, height] * 2)
    squeezed = height / card.shape[0] / scale
    slope = float(np.median(slopes)) / squeezed if len(slopes) >= _ENOUGH_LINES else 0.0
    return Found(
        sorted((tuple((np.array(b) / unit).tolist()) for b in boxes), key=lambda b: b[1]), slope
    )


def _slope(contour: NDArray[np.int32]) -> float:
    """Of the line through a long contour, px a px."""
    vx, vy, _, _ = cv2.fitLine(contour, cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    return float(vy / vx) if abs(vx) > abs(vy) else 0.0


def cut(
    card: Image, boxes: Sequence[Box], margins: tuple[float, float] = (_BESIDE, _ABOVE)
) -> list[Image]:
    """The picture of each box, with a little ground beside and above it, of the line's height."""
    height, width = card.shape[:2]
    pictures = []
    for x, y, w, h in boxes:
        beside, above = margins[0] * h * height, margins[1] * h * height
        left, right = int(max(x * width - beside, 0)), int((x + w) * width + beside) + 1
        top, bottom = int(max(y * height - above, 0)), int((y + h) * height + above) + 1
        pictures.append(card[top:bottom, left:right])
    return pictures


def read_lines(
    engine: Engine, card: Image, boxes: Sequence[Box], alphabet: str = PRINT
) -> list[Line]:
    """Read each box as one line; the text is empty where nothing was read."""
    texts = engine.read(cut(card, boxes), alphabet)
    return [_line(text, box) for text, box in zip(texts, boxes, strict=True)]


def read_repeatedly(
    engine: Engine, card: Image, boxes: Sequence[Box], alphabet: str = PRINT
) -> list[Line]:
    """Read each box in several crops, and give what most of them say.

    A reader that is unsure of a line reads chance when it is wrong, and the same again when it is
    right; so where all crops agree, their confidences add up.
    """
    crops = [engine.read(cut(card, boxes, margins), alphabet) for margins in _CROPS]
    agreed = [_agreed(texts) for texts in zip(*crops, strict=True)]
    return [_line(text, box) for text, box in zip(agreed, boxes, strict=True)]


def _agreed(texts: Sequence[Text]) -> Text:
    """The reading that most of several crops give, the surest of these first."""
    said = [text.text.strip() for text in texts]
    surest = max(texts, key=lambda t: (said.count(t.text.strip()), min(t.confidences, default=0)))
    alike = [text.confidences for text in texts if text.text == surest.text]
    if len(alike) < len(texts):
        return surest
    doubt = np.prod(1 - np.array(alike), axis=0) ** _INDEPENDENCE
    return replace(surest, confidences=tuple((1 - doubt).tolist()))


def _line(text: Text, box: Box) -> Line:
    """The text without the blanks at its ends."""
    start = len(text.text) - len(text.text.lstrip())
    end = max(start, len(text.text.rstrip()))
    return Line(text.text[start:end], *box, text.confidences[start:end])
