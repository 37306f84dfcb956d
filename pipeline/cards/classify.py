"""Which layout a card has, told by the labels that were read on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.cards.labels import closeness, find_labels
from pipeline.cards.layout import Layout
from pipeline.cards.text import letters
from pipeline.elements import Line

_FEWEST_LABELS = 3
_LEAST_SHARE = 0.22
"""Least share of a layout's label text that must have been read."""


@dataclass(frozen=True)
class Recognised:
    """The likeliest layout."""

    layout: Layout
    share: float
    """Share of its label text that was read, 0..1."""


def recognise(layouts: Iterable[Layout], lines: Sequence[Line]) -> Recognised | None:
    """The layout whose labels are the ones read, or None if the lines are no card's we know."""
    candidates = [Recognised(layout, _share(layout, lines)) for layout in layouts]
    best = max(candidates, key=lambda candidate: candidate.share)
    return best if best.share >= _LEAST_SHARE else None


def _share(layout: Layout, lines: Sequence[Line]) -> float:
    """Share of the layout's label text among the lines; long and well-placed labels weigh more.

    0 when too few were read, or none of those that set the layout apart from foreign documents.
    """
    found = find_labels(layout, lines)
    known = {variant for label in found for variant in label.wording}
    if len(found) < _FEWEST_LABELS or not known & set(layout.signature):
        return 0.0
    places = closeness(found)
    wordings = {m.text for m in layout.marks} | {f.label for f in layout.printed.values()}
    total = sum(_weight(wording) for wording in wordings)
    return sum(_weight(la.wording) * la.likeness / 100 * places[la] for la in found) / total


def _weight(wording: tuple[str, ...]) -> float:
    return len(letters(wording[0])) ** 0.5
