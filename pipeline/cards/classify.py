"""Which layout a card has, told by the labels that were read on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.cards import mrz
from pipeline.cards.labels import closeness, find_labels
from pipeline.cards.layout import Layout
from pipeline.cards.text import letters
from pipeline.elements import Line

_FEWEST_LABELS = 3
_LEAST_SHARE = 0.22
"""Least share of a layout's label text that must have been read."""
_MISSING = 0.1
"""What a label that was not read counts against a layout, of its weight: many are illegible."""
_FEW_LABELS = 2
_ILLEGIBLE = 0.8
"""Of lines read with less confidence, 0..1, a careful reading may make more."""
_ENOUGH_ROWS = 2
"""Rows of a machine-readable zone that prove a card, however few of its labels are legible."""


@dataclass(frozen=True)
class Recognised:
    """The likeliest layout."""

    layout: Layout
    share: float
    """Share of its label text that was read, 0..1."""
    labels: int
    """How many of its labels were read."""
    rows: int
    """How many rows of its machine-readable zone were read."""
    score: float
    """What was read of its labels, less a little for what was not."""
    confidence: float
    """Of most of the lines, 0..1."""

    @property
    def certain(self) -> bool:
        """The card has this layout."""
        return self.share >= _LEAST_SHARE or self.rows >= _ENOUGH_ROWS

    @property
    def worth_a_look(self) -> bool:
        """A careful reading may tell more: some of a card was read, too little of its labels."""
        if self.confidence >= _ILLEGIBLE:
            return False
        if self.certain:
            return self.labels < _FEW_LABELS
        return self.labels + self.rows >= _FEW_LABELS


def recognise(layouts: Iterable[Layout], lines: Sequence[Line]) -> Recognised:
    """The layout whose labels are most among the lines read."""
    rows = mrz.rows_among(line.text for line in lines)
    return max((_recognised(layout, lines, rows) for layout in layouts), key=_rank)


def _rank(found: Recognised) -> tuple[bool, float]:
    return found.certain, found.score


def _recognised(layout: Layout, lines: Sequence[Line], rows: int) -> Recognised:
    """How much of a layout is among the lines; long and well-placed labels weigh more.

    The share is 0 when too few labels were read, or none of those that set the layout apart from
    foreign documents; the rows of a zone that the layout has do both.
    """
    found = find_labels(layout, lines)
    known = {variant for label in found for variant in label.wording}
    wordings = {m.text for m in layout.marks} | {f.label for f in layout.printed.values()}
    rows = rows if layout.mrz else 0
    total = sum(_weight(wording) for wording in wordings)
    near = closeness(found, whole=rows >= _ENOUGH_ROWS)
    read = sum(_weight(la.wording) * la.likeness / 100 * near[la] for la in found)
    own = len(found) >= _FEWEST_LABELS and bool(known & set(layout.signature))
    share = read / total if own or rows >= _ENOUGH_ROWS else 0.0
    score = read - _MISSING * (total - read)
    confidence = median([line.confidence for line in lines if line.text] or [0.0])
    return Recognised(layout, share, len(found), rows, score, confidence)


def _weight(wording: tuple[str, ...]) -> float:
    return len(letters(wording[0])) ** 0.5
