"""Labels first, then values: which fragment of text is which field of a card.

Each field takes the fragment that its kind accepts and that stands where the layout says, relative
to the field's own label or, where that was not read, to the labels that were. All coordinates are
0..1 of the upright card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.cards.fragments import concatenated, fragments_of, trimmed
from pipeline.cards.kinds import KINDS, Value
from pipeline.cards.labels import Fit, Label, find_labels, fit_of, part_of, proximity
from pipeline.cards.layout import Box, Field, Layout
from pipeline.cards.text import letters
from pipeline.elements import Line

_LEAST = 0.1
"""Least score at which a fragment is taken for a value."""


@dataclass(frozen=True)
class Anchored:
    """What was found on a card."""

    values: dict[str, Line]
    """The text of each field that has one."""
    windows: dict[str, tuple[Box, ...]]
    """For each field without, where its value should stand: worth a second look."""


def anchor(layout: Layout, lines: Sequence[Line]) -> Anchored:
    """Assign the lines of a card to the fields of its layout."""
    labels = find_labels(layout, lines)
    fit = fit_of(labels)
    wordings = {letters(variant) for label in labels for variant in label.wording}
    fragments = [f for f in fragments_of(lines, labels) if not _is_wording(f, wordings)]
    by_wording = {label.wording: label for label in labels}
    values = _assign(layout, fragments, by_wording, fit)
    missing = {name: f for name, f in layout.printed.items() if name not in values}
    windows = {
        name: tuple(_windows(field, by_wording.get(field.label), fit))
        for name, field in missing.items()
    }
    return Anchored(values, windows)


def _is_wording(fragment: Line, wordings: set[str]) -> bool:
    """Whether a fragment is itself a label: a translation on a line of its own."""
    read = letters(fragment.text)
    return len(read) > 4 and any(fuzz.ratio(read, wording) >= 88 for wording in wordings)


@dataclass(frozen=True)
class _Pair:
    """A field and a fragment that may be its value."""

    score: float
    name: str
    fragment: Line
    value: Value


def _assign(
    layout: Layout,
    fragments: list[Line],
    labels: dict[tuple[str, ...], Label],
    fit: Fit,
) -> dict[str, Line]:
    """Give each field its best fragment, the surest pair first; leftovers compete again."""

    def pairs_of(fragment: Line) -> Iterator[_Pair]:
        for name, field in layout.printed.items():
            value = KINDS[field.kind](fragment.text)
            if value is not None:
                position = _position(field, fragment, labels.get(field.label), fit)
                score = (0.3 + 0.7 * value.certainty) * position
                if score >= _LEAST:
                    yield _Pair(score, name, fragment, value)

    values: dict[str, Line] = {}
    free = list(fragments)
    pairs = [pair for fragment in free for pair in pairs_of(fragment)]
    while pairs:
        best = max(pairs, key=lambda pair: pair.score)
        fragment, source = best.fragment, best.value.source
        free.remove(fragment)
        if source and source in fragment.text:
            at = fragment.text.index(source)
            rest = [*trimmed(fragment, 0, at)]
            rest += trimmed(fragment, at + len(source), len(fragment.text))
            fragment = part_of(fragment, at, at + len(source))
            free += rest
            pairs += [pair for left in rest for pair in pairs_of(left)]
        values[best.name] = _continued(layout.fields[best.name], fragment, free)
        pairs = [pair for pair in pairs if pair.name not in values and pair.fragment in free]
    return values


def _position(field: Field, fragment: Line, label: Label | None, fit: Fit) -> float:
    """How well a fragment stands where the field's value should, 0..1."""
    if label is not None and field.value_box and field.label_box:
        x, y = _expected(field.value_box, field.label_box, label, fit)
        return proximity(fragment.x - x, 0.06) * proximity(fragment.middle - y, 0.026)
    if label is not None:
        return max(_BY_PLACE[place](fragment, label.box) for place in field.place)
    if field.value_box:
        x, y = fit.left_middle(field.value_box)
        return 0.7 * proximity(fragment.x - x, 0.08) * proximity(fragment.middle - y, 0.03)
    # neither label nor box: only a value that no other field could have is worth taking
    return 0.35 if field.unmistakable else 0.0


def _expected(value: Box, prior: Box, label: Label, fit: Fit) -> tuple[float, float]:
    """Left edge and centre of a value, from where its own label was read."""
    return (
        label.box.x + (value[0] - prior[0]) * fit.x_scale,
        label.box.middle + (value[1] + value[3] / 2 - prior[1] - prior[3] / 2) * fit.y_scale,
    )


def _below(fragment: Line, label: Line) -> float:
    """Under the label, left edges in line."""
    steps = (fragment.middle - label.middle) / max(label.h, 1e-3)
    return proximity(fragment.x - label.x, 0.05) * proximity(steps - 1.3, 0.6)


def _right(fragment: Line, label: Line) -> float:
    """After the label, on the same line of text."""
    gap = fragment.x - label.right
    level = proximity((fragment.middle - label.middle) / max(label.h, 1e-3), 0.5)
    return level * proximity(max(gap - 0.01, 0.0), 0.12) if gap > -0.02 else 0.0


_BY_PLACE = {"below": _below, "right": _right}


def _continued(field: Field, value: Line, free: list[Line]) -> Line:
    """The value with its further lines, which are taken from the free fragments."""
    for _ in range(field.lines - 1):
        last_middle = value.y + value.h - min(value.h, 0.05) / 2
        below = [
            f
            for f in free
            if abs(f.x - value.x) < 0.03
            and 0.4 < (f.middle - last_middle) / f.h < 1.7
            and KINDS[field.kind](f.text) is not None
        ]
        if not below:
            break
        following = min(below, key=lambda f: f.middle)
        free.remove(following)
        value = concatenated(value, following)
    return value


def _windows(field: Field, label: Label | None, fit: Fit) -> Iterator[Box]:
    """Where a field's value should stand, with room for shifts."""
    if field.value_box:
        _, _, w, h = field.value_box
        if label is not None and field.label_box:
            x, y = _expected(field.value_box, field.label_box, label, fit)
        else:
            x, y = fit.left_middle(field.value_box)
        yield x - 0.012, y - 0.72 * h, w + 0.03, 1.44 * h
    elif label is not None:
        box = label.box
        for place in field.place:
            if place == "right":
                yield box.right + 0.004, box.y - 0.2 * box.h, 0.22, 1.4 * box.h
            else:
                yield box.x - 0.01, box.y + 0.85 * box.h, 0.22, 1.4 * box.h
