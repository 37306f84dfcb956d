"""Which way up a straightened card is."""

from collections.abc import Sequence

import numpy as np

from pipeline.elements import Image, Points
from pipeline.ocr import lines, ppocr
from pipeline.ocr.lines import Box

_VOTERS = 12


def upright(card: Image, corners: Points, boxes: Sequence[Box]) -> tuple[Image, Points, list[Box]]:
    """The card, its corners and its lines, turned by 180 degrees if it stood on its head.

    The widest lines vote; a card without lines is left as it is.
    """
    voters = sorted(boxes, key=lambda box: -box[2])[:_VOTERS]
    if not voters or ppocr.upside_down(lines.cut(card, voters)).mean() <= 0.5:
        return card, corners, list(boxes)
    turned = [(1 - x - w, 1 - y - h, w, h) for x, y, w, h in boxes]
    return card[::-1, ::-1], np.roll(corners, 2, axis=0), sorted(turned, key=lambda box: box[1])
