"""Which layout a card has, told by the labels that were read on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.cards.anchor import find_labels
from pipeline.cards.layout import Layout
from pipeline.cards.text import letters
from pipeline.elements import Line

_FEWEST_LABELS = 3
_LEAST_SHARE = 0.22
"""Least share of a layout's label text that must have been read."""
_CLEAR_SHARE, _CLEAR_LEAD = 0.6, 0.15
"""A share, and a lead over the second, at which more lines would not change the outcome."""


@dataclass(frozen=True)
class Recognised:
    """The likeliest layout."""

    layout: Layout
    share: float
    """Share of its label text that was read, 0..1."""
    clear: bool
    """No other layout comes near."""


def recognise(layouts: Iterable[Layout], lines: Sequence[Line]) -> Recognised | None:
    """The layout whose labels are the ones read, or None if the lines are no card's we know."""
    shares = sorted(
        ((_share(layout, lines), i, layout) for i, layout in enumerate(layouts)), reverse=True
    )
    share, _, layout = shares[0]
    if share < _LEAST_SHARE:
        return None
    lead = share - shares[1][0] if len(shares) > 1 else share
    return Recognised(layout, share, share >= _CLEAR_SHARE and lead >= _CLEAR_LEAD)


def _share(layout: Layout, lines: Sequence[Line]) -> float:
    """Likeness-weighted share of the layout's label text among the lines; long labels weigh more.

    0 when too few were read, or none of those that set the layout apart from foreign documents.
    """
    found = find_labels(layout, lines)
    known = {variant for label in found for variant in label.wording}
    if len(found) < _FEWEST_LABELS or not known & set(layout.signature):
        return 0.0
    wordings = {m.text for m in layout.marks} | {f.label for f in layout.printed.values()}
    total = sum(_weight(wording) for wording in wordings)
    return sum(_weight(label.wording) * label.likeness / 100 for label in found) / total


def _weight(wording: tuple[str, ...]) -> float:
    return len(letters(wording[0])) ** 0.5
