"""Labels first, then values: which line of text is which field of a card.

Labels are matched by their wording, anywhere in a line. What remains of the lines are fragments
that may be values. Each field takes the fragment that its kind accepts and that stands where the
layout says, relative to the field's own label or, where that was not read, to the labels that
were. All coordinates are 0..1 of the upright card.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from pipeline.cards.kinds import KINDS, Value
from pipeline.cards.layout import Box, Field, Layout
from pipeline.cards.text import letters
from pipeline.elements import Line

_ALIKE = 78.0
"""Least likeness, 0..100, of a label as read to the label as printed."""
_SHORT = 4
"""Labels of up to this many letters must be read exactly, and as a word."""
_FARTHEST = 0.3
"""A label this far from its box is another one's text."""
_LEAST = 0.1
"""Least score at which a fragment is taken for a value."""
_ASPECT = 1.586
_SCALES = (0.5, 2.0)
"""Limits of how far a patch may be off the card's size."""
_MISPLACED = 0.08
"""A patch off by more, at any side, is not the card; print batches shift by less than half."""
_ENOUGH_LABELS = 5


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
    fit = _fit(labels)
    parts = [part for f in _fragments(lines, labels) for part in _at_columns(f, labels)]
    fragments = _joined(parts, labels)
    by_wording = {label.wording: label for label in labels}
    values = _assign(layout, fragments, by_wording, fit)
    missing = {name: f for name, f in layout.printed.items() if name not in values}
    windows = {
        name: tuple(_windows(field, by_wording.get(field.label), fit))
        for name, field in missing.items()
    }
    return Anchored(values, windows)


def frame(layout: Layout, lines: Sequence[Line]) -> Box | None:
    """Where the card lies in its patch, if its labels say that it is not the whole of it.

    None where the patch is the card, or too few labels were read to tell.
    """
    labels = [label for label in find_labels(layout, lines) if label.prior is not None]
    if len(labels) < _ENOUGH_LABELS:
        return None
    fit = _fit(labels)
    left, top = fit.x_offset, fit.y_offset
    sides = (left, top, left + fit.x_scale - 1, top + fit.y_scale - 1)
    if max(abs(side) for side in sides) <= _MISPLACED:
        return None
    return left, top, fit.x_scale, fit.y_scale


def find_labels(layout: Layout, lines: Sequence[Line]) -> list[Label]:
    """The layout's labels and marks among the lines: the likest first, none sharing its text."""
    wanted: dict[tuple[str, ...], Box | None] = {m.text: m.box for m in layout.marks}
    wanted |= {field.label: field.label_box for field in layout.printed.values()}
    candidates = [
        label
        for wording, prior in wanted.items()
        for number, line in enumerate(lines)
        if (label := _label(wording, prior, number, line)) is not None
    ]
    found: list[Label] = []
    for label in sorted(candidates, key=_rank, reverse=True):
        if any(label.wording == other.wording or _share_text(label, other) for other in found):
            continue
        found.append(label)
    return found


def closeness(labels: Sequence[Label]) -> dict[Label, float]:
    """How near each label stands to its place among the others, 0.5 to 1; 1 without a place."""
    fit = _fit(labels)
    near = dict.fromkeys(labels, 1.0)
    for label in labels:
        if label.prior is not None:
            x, y = fit.left_middle(label.prior)
            away = float(np.hypot(label.box.x - x, label.box.middle - y))
            near[label] = 0.5 + 0.5 * _near(away, 0.06)
    return near


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


def _label(wording: tuple[str, ...], prior: Box | None, number: int, line: Line) -> Label | None:
    """The likest of the wording's variants in a line, if any is like enough."""
    best: Label | None = None
    for variant in wording:
        likeness, start, end = _locate(variant, line.text)
        if likeness < _ALIKE:
            continue
        start, end = _with_translation(line.text, start, end)
        part = _part(line, start, end)
        label = Label(wording, likeness, len(letters(variant)), number, start, end, part, prior)
        if _distance(label) <= _FARTHEST and (best is None or _rank(label) > _rank(best)):
            best = label
    return best


def _locate(label: str, text: str) -> tuple[float, int, int]:
    """Likeness 0..100 of a label within a text, and the part of the text that it is."""
    wanted = letters(label)
    places = [i for i, c in enumerate(text) if letters(c)]
    read = "".join(letters(text[i]) for i in places)
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


def _part(line: Line, start: int, end: int) -> Line:
    """Part of a line; its box by the share of the characters."""
    step = line.w / max(len(line.text), 1)
    return replace(line, text=line.text[start:end], x=line.x + start * step, w=(end - start) * step)


def _fit(labels: Sequence[Label]) -> Fit:
    """Robust scale and offset from the labels' boxes to where they were read."""
    pairs = [(label.prior, label.box) for label in labels if label.prior is not None]
    if not pairs:
        return Fit()
    x = _axis([(p[0], b.x) for p, b in pairs])
    y = _axis([(p[1] + p[3] / 2, b.middle) for p, b in pairs])
    return Fit(*x, *y)


def _axis(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Scale and offset that most of the pairs agree with (Theil-Sen)."""
    prior, read = np.array(pairs).T
    apart = np.abs(prior[:, None] - prior) > 0.25
    scale = 1.0
    if apart.sum() >= 6:
        slopes = (read[:, None] - read)[apart] / (prior[:, None] - prior)[apart]
        scale = float(np.clip(np.median(slopes), *_SCALES))
    return scale, float(np.median(read - scale * prior))


def _fragments(lines: Sequence[Line], labels: Sequence[Label]) -> list[Line]:
    """What the labels leave of the lines."""
    fragments: list[Line] = []
    for number, line in enumerate(lines):
        spans = sorted((la.start, la.end) for la in labels if la.line == number)
        edges = [0, *(edge for span in spans for edge in span), len(line.text)]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            fragments += _trimmed(line, start, end)
    return fragments


def _trimmed(line: Line, start: int, end: int) -> Iterator[Line]:
    """The part without blanks and separators at its ends, if anything is left."""
    text = line.text[start:end]
    kept = text.strip(" :;.,-–°º'")
    if kept:
        at = start + text.index(kept)
        yield _part(line, at, at + len(kept))


def _columns(fragment: Line, labels: Sequence[Label]) -> list[float]:
    """Left edges of the labels that stand right above a fragment."""
    return [la.box.x for la in labels if 0.5 < (fragment.middle - la.box.middle) / fragment.h < 1.9]


def _at_columns(fragment: Line, labels: Sequence[Label]) -> Iterator[Line]:
    """The fragment, parted where the column of another label begins: values that nearly touch."""
    step, start = fragment.w / len(fragment.text), 0
    for x in sorted(_columns(fragment, labels)):
        if fragment.x + 3 * step < x < fragment.right - step:
            at = round((x - 0.5 * step - fragment.x) / step)
            yield from _trimmed(fragment, start, at)
            start = at
    yield from _trimmed(fragment, start, len(fragment.text))


def _joined(fragments: Sequence[Line], labels: Sequence[Label]) -> list[Line]:
    """Fragments that stand side by side, a blank apart, as one: detectors part words."""
    joined: list[Line] = []
    for fragment in sorted(fragments, key=lambda f: f.x):
        for i, left in enumerate(joined):
            letter = min(left.h, fragment.h) / _ASPECT
            beside = -0.5 * letter < fragment.x - left.right < 1.1 * letter
            beside &= not any(abs(x - fragment.x) < 0.02 for x in _columns(fragment, labels))
            if beside and abs(left.middle - fragment.middle) < 0.35 * min(left.h, fragment.h):
                joined[i] = _concatenated(left, fragment)
                break
        else:
            joined.append(fragment)
    return joined


def _concatenated(first: Line, second: Line) -> Line:
    """Two fragments as one text, in one box."""
    y, bottom = min(first.y, second.y), max(first.y + first.h, second.y + second.h)
    x, right = min(first.x, second.x), max(first.right, second.right)
    confidence = min(first.confidence, second.confidence)
    return Line(f"{first.text} {second.text}", x, y, right - x, bottom - y, confidence)


def _assign(
    layout: Layout,
    fragments: list[Line],
    labels: dict[tuple[str, ...], Label],
    fit: Fit,
) -> dict[str, Line]:
    """Give each field its best fragment, the surest pair first; leftovers compete again."""
    values: dict[str, Line] = {}
    free = list(fragments)
    while True:
        best: tuple[float, str, int, Value] | None = None
        for name, field in layout.printed.items():
            if name in values:
                continue
            for i, fragment in enumerate(free):
                value = KINDS[field.kind](fragment.text)
                if value is None:
                    continue
                score = (0.3 + 0.7 * value.certainty) * _position(
                    field, fragment, labels.get(field.label), fit
                )
                if score >= _LEAST and (best is None or score > best[0]):
                    best = score, name, i, value
        if best is None:
            return values
        _, name, i, value = best
        fragment = free.pop(i)
        if value.source and value.source in fragment.text:
            at = fragment.text.index(value.source)
            free += _trimmed(fragment, 0, at)
            free += _trimmed(fragment, at + len(value.source), len(fragment.text))
            fragment = _part(fragment, at, at + len(value.source))
        values[name] = _continued(layout.fields[name], fragment, free)


def _position(field: Field, fragment: Line, label: Label | None, fit: Fit) -> float:
    """How well a fragment stands where the field's value should, 0..1."""
    if label is not None and field.value_box and field.label_box:
        x, y = _expected(field.value_box, field.label_box, label, fit)
        return _near(fragment.x - x, 0.06) * _near(fragment.middle - y, 0.026)
    if label is not None:
        return max(_BY_PLACE[place](fragment, label.box) for place in field.place)
    if field.value_box:
        x, y = fit.left_middle(field.value_box)
        return 0.7 * _near(fragment.x - x, 0.08) * _near(fragment.middle - y, 0.03)
    # neither label nor box: only a value that no other field could have is worth taking
    return 0.35 if field.unmistakable else 0.0


def _expected(value: Box, prior: Box, label: Label, fit: Fit) -> tuple[float, float]:
    """Left edge and centre of a value, from where its own label was read."""
    return (
        label.box.x + (value[0] - prior[0]) * fit.x_scale,
        label.box.middle + (value[1] + value[3] / 2 - prior[1] - prior[3] / 2) * fit.y_scale,
    )


def _near(distance: float, tolerance: float) -> float:
    return float(np.exp(-((distance / tolerance) ** 2)))


def _below(fragment: Line, label: Line) -> float:
    """Under the label, left edges in line."""
    steps = (fragment.middle - label.middle) / max(label.h, 1e-3)
    return _near(fragment.x - label.x, 0.05) * _near(steps - 1.3, 0.6)


def _right(fragment: Line, label: Line) -> float:
    """After the label, on the same line of text."""
    gap = fragment.x - label.right
    level = _near((fragment.middle - label.middle) / max(label.h, 1e-3), 0.5)
    return level * _near(max(gap - 0.01, 0.0), 0.12) if gap > -0.02 else 0.0


_BY_PLACE = {"below": _below, "right": _right}


def _continued(field: Field, value: Line, free: list[Line]) -> Line:
    """The value with its further lines, which are taken from the free fragments."""
    for _ in range(field.lines - 1):
        last_middle = value.y + value.h - min(value.h, 0.05) / 2
        below = [
            f
            for f in free
            if abs(f.x - value.x) < 0.03
            and 0.6 < (f.middle - last_middle) / f.h < 1.6
            and KINDS[field.kind](f.text) is not None
        ]
        if not below:
            break
        following = min(below, key=lambda f: f.middle)
        free.remove(following)
        value = _concatenated(value, following)
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
                yield box.right + 0.004, box.y - 0.1 * box.h, 0.14, 1.2 * box.h
            else:
                yield box.x - 0.01, box.y + 0.85 * box.h, 0.16, 1.4 * box.h
