"""Fragments: what the labels leave of the lines, parted and joined as the values are printed."""

from collections.abc import Iterator, Sequence

from pipeline.cards.labels import Label, part_of
from pipeline.elements import Line

_TALLER = 1.8
"""Text this much taller than what stands beside it is no part of it: a signature, a stamp."""
_BEFORE, _AFTER = " :;.,-–°º'", " :;,-–°º'"
"""What is left of a label, or of a mark after it; a full stop ends abbreviations."""
_GAP = 3
"""How many characters a column may be off the blank before it: their widths differ."""
_ASPECT = 85.60 / 53.98
"""Width to height of a card: boxes are relative to either side."""


def fragments_of(lines: Sequence[Line], labels: Sequence[Label]) -> list[Line]:
    """The pieces of text that may be values."""
    fragments: list[Line] = []
    for number, line in enumerate(lines):
        spans = sorted((la.start, la.end) for la in labels if la.line == number)
        edges = [0, *(edge for span in spans for edge in span), len(line.text)]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            for piece in trimmed(line, start, end):
                fragments += _at_columns(piece, labels)
    return _joined(fragments, labels)


def trimmed(line: Line, start: int, end: int) -> Iterator[Line]:
    """The part without blanks and separators at its ends, if anything is left."""
    text = line.text[start:end]
    kept = text.lstrip(_BEFORE).rstrip(_AFTER)
    if kept:
        at = start + text.index(kept)
        yield part_of(line, at, at + len(kept))


def _columns(fragment: Line, labels: Sequence[Label]) -> list[float]:
    """Left edges of the labels that stand right above a fragment."""
    return [la.box.x for la in labels if 0.5 < (fragment.middle - la.box.middle) / la.box.h < 1.9]


def _at_columns(fragment: Line, labels: Sequence[Label]) -> Iterator[Line]:
    """The fragment, parted where the column of another label begins: values that nearly touch."""
    for x in sorted(_columns(fragment, labels)):
        step = fragment.w / len(fragment.text)
        if fragment.x + 3 * step < x < fragment.right - step:
            at = _gap(fragment.text, round((x - 0.5 * step - fragment.x) / step))
            if at is not None:
                yield from trimmed(fragment, 0, at)
                fragment = _from_column(fragment, at, x)
    yield from trimmed(fragment, 0, len(fragment.text))


def _from_column(fragment: Line, at: int, x: float) -> Line:
    """What stands after a gap, from where its column begins: characters differ in width."""
    at += len(fragment.text[at:]) - len(fragment.text[at:].lstrip())
    text, confidences = fragment.text[at:], fragment.confidences[at:]
    return Line(text, x, fragment.y, fragment.right - x, fragment.h, confidences)


def _gap(text: str, near: int) -> int | None:
    """The blank nearest to a place; without one, the place itself unless it lies in a word.

    None: a long value reaches below another label.
    """
    blanks = [at for at, c in enumerate(text) if c == " " and abs(at - near) <= _GAP]
    if blanks:
        return min(blanks, key=lambda at: abs(at - near))
    return None if text[max(near - 2, 0) : near + 2].isalpha() else near


def _joined(fragments: Sequence[Line], labels: Sequence[Label]) -> list[Line]:
    """Fragments that stand side by side, a blank apart, as one: detectors part words."""
    joined: list[Line] = []
    for fragment in sorted(fragments, key=lambda f: f.x):
        for i, left in enumerate(joined):
            letter = min(left.h, fragment.h) / _ASPECT
            beside = -0.5 * letter < fragment.x - left.right < 1.1 * letter
            beside &= not any(abs(x - fragment.x) < 0.02 for x in _columns(fragment, labels))
            low, high = sorted((left.h, fragment.h))
            level = abs(left.middle - fragment.middle) < 0.35 * low and high < _TALLER * low
            if beside and level:
                joined[i] = concatenated(left, fragment)
                break
        else:
            joined.append(fragment)
    return joined


def concatenated(first: Line, second: Line) -> Line:
    """Two fragments as one text, in one box."""
    y, bottom = min(first.y, second.y), max(first.y + first.h, second.y + second.h)
    x, right = min(first.x, second.x), max(first.right, second.right)
    confidences = (*first.confidences, 1.0, *second.confidences)
    return Line(f"{first.text} {second.text}", x, y, right - x, bottom - y, confidences)
