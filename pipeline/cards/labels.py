"""Labels: which of a layout's wordings were read, and where they say the card lies.

Labels are matched by their wording, anywhere in a line. All coordinates are 0..1 of the patch that
was read, which is the upright card unless `frame` says otherwise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from pipeline.cards.layout import Box, Layout
from pipeline.cards.text import letters
from pipeline.elements import Line

_ALIKE = 78.0
"""Least likeness, 0..100, of a label as read to the label as printed."""

_SHORT = 4
"""Labels of up to this many letters must be read exactly, and as a word."""

_FARTHEST = 0.45
"""A label this far from its box is another one's text."""

_PROSE = 4
"""A line with as many words that begin small beside the label is prose that has its words."""

_SCALES = (0.35, 2.0)
"""Limits of how far a patch may be off the card's size."""

_MISPLACED = 0.08
"""A patch off by more, at any side, is not the card; print batches shift by less than half."""

_ENOUGH_LABELS = 3


_Located = tuple[float, int, int, int]
"""A variant within a text: likeness 0..100, the part of the text that it is, its letters."""


@dataclass(frozen=True)
class Label:
    """A label that was read: which wording, how well, and where it stands in its line."""

    wording: tuple[str, ...]
    likeness: float
    letters: int
    """Of the variant that was read."""
    line: int
    start: int
    end: int
    box: Line
    """The part of the line that is the label."""
    prior: Box | None


@dataclass(frozen=True)
class Fit:
    """The map from a layout's boxes to this card: x' = x·scale + offset, and y alike."""

    x_scale: float = 1.0
    x_offset: float = 0.0
    y_scale: float = 1.0
    y_offset: float = 0.0

    def left_middle(self, box: Box) -> tuple[float, float]:
        """Where the left edge and the vertical centre of a box come to lie."""
        return (
            box[0] * self.x_scale + self.x_offset,
            (box[1] + box[3] / 2) * self.y_scale + self.y_offset,
        )


def find_labels(layout: Layout, lines: Sequence[Line]) -> list[Label]:
    """The layout's labels and marks among the lines: the likest first, none sharing its text."""
    wanted: dict[tuple[str, ...], Box | None] = {m.text: m.box for m in layout.marks}
    wanted |= {field.label: field.label_box for field in layout.printed.values()}
    texts = tuple(line.text for line in lines)
    candidates = [
        label
        for wording, prior in wanted.items()
        for number, located in _located(wording, texts)
        if (label := _label(wording, prior, number, lines[number], located)) is not None
    ]
    found: list[Label] = []
    for label in sorted(candidates, key=_rank, reverse=True):
        if any(label.wording == other.wording or _share_text(label, other) for other in found):
            continue
        found.append(label)
    return found


def frame(layout: Layout, lines: Sequence[Line]) -> Box | None:
    """Where the card lies in its patch, if its labels say that it is not the whole of it.

    None where the patch is the card, or too few labels were read to tell.
    """
    labels = [label for label in find_labels(layout, lines) if label.prior is not None]
    if len(labels) < _ENOUGH_LABELS:
        return None
    fit = fit_of(labels)
    left, top = fit.x_offset, fit.y_offset
    sides = (left, top, left + fit.x_scale - 1, top + fit.y_scale - 1)
    if max(abs(side) for side in sides) <= _MISPLACED:
        return None
    return left, top, fit.x_scale, fit.y_scale


def closeness(labels: Sequence[Label], *, whole: bool) -> dict[Label, float]:
    """How near each label stands to its place, 0..1; 1 where the layout names none.

    `whole` says that the lines are known to lie on the whole card; else places are relative to the
    other labels, and a label out of place still counts half.
    """
    fit, floor = (Fit(), 0.0) if whole else (fit_of(labels), 0.5)
    near = dict.fromkeys(labels, 1.0)
    for label in labels:
        if label.prior is not None:
            x, y = fit.left_middle(label.prior)
            away = float(np.hypot(label.box.x - x, label.box.middle - y))
            near[label] = floor + (1 - floor) * proximity(away, 0.12 if whole else 0.06)
    return near


def fit_of(labels: Sequence[Label]) -> Fit:
    """Robust scale and offset from the labels' boxes to where they were read."""
    pairs = [(label.prior, label.box) for label in labels if label.prior is not None]
    if not pairs:
        return Fit()
    x = [(prior[0], box.x) for prior, box in pairs]
    y = [(prior[1] + prior[3] / 2, box.middle) for prior, box in pairs]
    x_scale, y_scale = _scale(x), _scale(y)
    # labels in one row say nothing of the height, but a card is scaled alike in both directions
    x_scale, y_scale = x_scale or y_scale or 1.0, y_scale or x_scale or 1.0
    return Fit(x_scale, _offset(x, x_scale), y_scale, _offset(y, y_scale))


def _scale(pairs: Sequence[tuple[float, float]]) -> float | None:
    """The scale that most pairs of labels agree on (Theil-Sen); None if too few lie apart."""
    prior, read = np.array(pairs).T
    apart = np.abs(prior[:, None] - prior) > 0.2
    if apart.sum() < 4:
        return None
    slopes = (read[:, None] - read)[apart] / (prior[:, None] - prior)[apart]
    return float(np.clip(np.median(slopes), *_SCALES))


def _offset(pairs: Sequence[tuple[float, float]], scale: float) -> float:
    return float(np.median([read - scale * prior for prior, read in pairs]))


def part_of(line: Line, start: int, end: int) -> Line:
    """Part of a line; its box by the share of the characters."""
    step = line.w / max(len(line.text), 1)
    return Line(
        line.text[start:end],
        line.x + start * step,
        line.y,
        (end - start) * step,
        line.h,
        line.confidences[start:end],
    )


def proximity(distance: float, tolerance: float) -> float:
    """How near a distance is to none, 0..1; `tolerance` is where it falls to 1/e."""
    return float(np.exp(-((distance / tolerance) ** 2)))


def _rank(label: Label) -> float:
    """Longer and likelier first; of two equals the one nearer to its box."""
    return label.likeness * label.letters**0.5 - 200 * _distance(label) ** 2


def _distance(label: Label) -> float:
    """From the label's box to where it was read; 0 where the layout gives no box."""
    if label.prior is None:
        return 0.0
    x, y, _, h = label.prior
    return float(np.hypot(label.box.x - x, label.box.middle - y - h / 2))


def _share_text(first: Label, second: Label) -> bool:
    return first.line == second.line and first.start < second.end and second.start < first.end


def _label(
    wording: tuple[str, ...],
    prior: Box | None,
    number: int,
    line: Line,
    located: Sequence[_Located],
) -> Label | None:
    """The likest of the wording's variants that a line holds, unless it stands far from its place.

    The label spans all the variants that the line holds: `APELLIDOS / SURNAME` is one label.
    """
    likeness, _, _, length = max(located, key=lambda found: found[0] * found[3] ** 0.5)
    start, end = min(found[1] for found in located), max(found[2] for found in located)
    if len(re.findall(r"\b[a-záéíóúñ]", line.text[:start] + line.text[end:])) >= _PROSE:
        return None
    start, end = _with_translation(line.text, start, end)
    label = Label(wording, likeness, length, number, start, end, part_of(line, start, end), prior)
    return label if _distance(label) <= _FARTHEST else None


@lru_cache(maxsize=1024)
def _located(wording: tuple[str, ...], texts: tuple[str, ...]) -> list[tuple[int, list[_Located]]]:
    """Which texts hold variants of a wording; layouts share many, and are tried on every card."""
    wanted, read = [letters(variant) for variant in wording], [_spelt(text)[0] for text in texts]
    alike = process.cdist(read, wanted, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE)
    found = []
    for number in np.flatnonzero(alike.any(axis=1)).tolist():
        located = [(*_locate(variant, texts[number]), len(variant)) for variant in wanted]
        located = [variant for variant in located if variant[0] >= _ALIKE]
        if located:
            found.append((number, located))
    return found


def _locate(wanted: str, text: str) -> tuple[float, int, int]:
    """Likeness 0..100 of a label's letters within a text, and the part of the text they are."""
    read, places = _spelt(text)
    if len(wanted) <= _SHORT:
        at = read.find(wanted)
        if at < 0:
            return 0.0, 0, 0
        start, end = places[at], places[at + len(wanted) - 1] + 1
        alone = not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()
        return (100.0 if alone else 0.0), start, end
    if len(read) < 0.8 * len(wanted):
        return 0.0, 0, 0
    aligned = fuzz.partial_ratio_alignment(wanted, read, score_cutoff=_ALIKE)
    if aligned is None or aligned.dest_end <= aligned.dest_start:
        return 0.0, 0, 0
    if len(read) < len(wanted):
        return fuzz.ratio(wanted, read), 0, len(text)
    return aligned.score, places[aligned.dest_start], places[aligned.dest_end - 1] + 1


@lru_cache(maxsize=1024)
def _spelt(text: str) -> tuple[str, tuple[int, ...]]:
    """The letters of a text, and where each stands."""
    spelt = [(letters(c), i) for i, c in enumerate(text) if letters(c)]
    return "".join(c for c, _ in spelt), tuple(i for _, i in spelt)


def _with_translation(text: str, start: int, end: int) -> tuple[int, int]:
    """The label with its neighbours in lower case: `Surname` in `Apellidos / Surname`.

    Values are printed in capitals, so what is not belongs to the label.
    """
    for word in re.finditer(r"[^\s/]*[a-záéíóúñ][^\s/]*", text):
        if word.start() < start and not _capitals_between(text, word.end(), start):
            start = word.start()
        if word.end() > end and not _capitals_between(text, end, word.start()):
            end = word.end()
    return start, end


def _capitals_between(text: str, start: int, end: int) -> bool:
    """Whether a word that may be a value stands between two places."""
    words = re.findall(r"\w+", text[start:end])
    return any(not any(c.islower() for c in word) for word in words)
