"""Blanks that PP-OCR dropped: it reads letters well and gaps badly."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image
from pipeline.ocr.recognition import Text

_WIDE = 0.34
"""A gap this wide, of the capitals' height, parts words: a blank is 0.36 or more in any sans serif
typeface, two letters of a word stand less than 0.2 apart."""
_WIDER_THAN_USUAL = 0.2
"""And this much wider than the line's usual gap, for letterspaced print."""
_SLIM, _SLIM_LESS = "I1", 0.12
"""Characters that stand wider apart than others; their gaps count for less."""
_STOP, _STOP_MORE = ".,", 0.1
"""Characters that stand closer to what follows; the gap behind them counts for more."""
_CLOSING = ".,:;)°º'"
"""Characters that no blank stands before."""
_INK = 0.05
"""Share of the capitals' height that is dark where a column holds a letter: less than the foot of
an L."""


def restored(image: Image, text: Text) -> Text:
    """The text with a blank at every gap of the line image that is as wide as one."""
    places = [(i, x) for i, x in enumerate(text.centres) if text.text[i] != " "]
    if len(places) < 2:
        return text
    ink, capital = _ink_columns(image)
    middles = np.array([x for _, x in places]) * image.shape[1]
    letters = [text.text[i] for i, _ in places]
    slim = np.array([letter in _SLIM for letter in letters])
    stop = np.array([letter in _STOP for letter in letters])
    gaps = _widest_gaps(ink, middles) / max(capital, 1)
    gaps += _STOP_MORE * stop[:-1] - _SLIM_LESS * (slim[:-1] | slim[1:])
    threshold = max(_WIDE, float(np.median(gaps)) + _WIDER_THAN_USUAL)
    lost = [
        j
        for gap, (i, _), (j, _) in zip(gaps, places, places[1:], strict=False)
        if j == i + 1 and gap >= threshold and text.text[j] not in _CLOSING
    ]
    for at in reversed(lost):
        text = _with_blank(text, at)
    return text


def _with_blank(text: Text, at: int) -> Text:
    between = (text.centres[at - 1] + text.centres[at]) / 2
    return Text(
        f"{text.text[:at]} {text.text[at:]}",
        (*text.confidences[:at], 1.0, *text.confidences[at:]),
        (*text.centres[:at], between, *text.centres[at:]),
    )


def _ink_columns(image: Image) -> tuple[NDArray[np.bool_], int]:
    """Which columns of a line hold dark print, and the print's height in px."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    _, mask = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    rows = np.flatnonzero(mask.mean(axis=1) > 0.5 * mask.mean())
    capital = int(rows[-1] - rows[0] + 1) if len(rows) else image.shape[0]
    return mask.sum(axis=0) > _INK * capital, capital


def _widest_gaps(ink: NDArray[np.bool_], middles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The longest run of columns without ink between each letter's middle and the next's."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], ink, [True]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    between = np.searchsorted(middles, (starts + ends) / 2) - 1
    inner = (between >= 0) & (between < len(middles) - 1)
    gaps = np.zeros(len(middles) - 1)
    np.maximum.at(gaps, between[inner], (ends - starts)[inner])
    return gaps
