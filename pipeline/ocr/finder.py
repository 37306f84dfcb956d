"""Finds the quadrilaterals of a page that may be cards.

Candidates come from closed edges, regions unlike the page's ground, the page itself when it has a
card's shape, and groups of print. All are judged by the same evidence (shape, edge along the sides,
how the text lies in it), the best are kept, and print that none of them holds is given to the
reader too.
"""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from pipeline.elements import Image, Points
from pipeline.ocr.blobs import TextBlobs, is_blank, text_blobs
from pipeline.ocr.candidates import (
    SMALLEST_CARD,
    closed_edges,
    foreground,
    groups_of_print,
    pictures,
    whole_page,
)
from pipeline.ocr.edges import Edges, edges_of, snapped, support
from pipeline.ocr.geometry import (
    CARD_ASPECT,
    area,
    long_side_first,
    mean_size,
    overlap,
    quad_to_unit,
    shrunk,
)
from pipeline.ocr.recognition import Engine

_WORK_SIDE_PX = 736
"""Longest side of the picture that edges are looked for in."""

_SAME_PX = 3
"""Outlines whose corners differ by less are one: each is snapped to the edges anyway."""

_LETTERS, _USUAL = 0.05, 0.6
"""Height of the larger letters on a card, of the card's height, and how far, as a logarithm, cards
are from it; the layouts differ."""

_PRINT_SPAN = 0.82
"""Part of a card's width, or else of its height, that its print spans; on a sheet it spans less."""

_RIVAL = 0.5
"""A region around a candidate with at least this share of its score may be the card it is a part
of; one with less is a sheet or a desk."""


_GUESSED = 0.9
"""A rectangle drawn around print stands behind an outline that was seen."""


_NEARLY_ALL, _MOST = 0.8, 0.5
"""Shares of the lines that a candidate holds."""


class Finder(BaseModel):
    """What counts as a card's shape; values come from the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_aspect: float
    max_aspect: float
    """Width to height, as seen under perspective."""
    min_score: float
    """0..1; a candidate below is not a card."""
    min_text_lines: int
    """A patch with fewer lines of text is not worth reading."""


def find_cards(engine: Engine, image: Image, settings: Finder) -> list[Points]:
    """Corners, in px of the page, of every patch that may be a card, in reading order.

    Each is clockwise and begins with a long side; which of the two long sides is the card's upper
    one is not decided here. An empty list: the page is blank, or too little is printed on it.
    """
    scale = min(1.0, _WORK_SIDE_PX / max(image.shape[:2]))
    page = shrunk(image, scale)
    if is_blank(page):  # text detectors see writing in the grain of paper
        return []
    text = text_blobs(engine, page)
    if len(text.heights) < settings.min_text_lines:
        return []
    edges = edges_of(page)
    outlines = _distinct([*closed_edges(page), *foreground(page)])
    candidates = [snapped(quad, edges) for quad in outlines if _plausible(quad, page, settings)]
    candidates = [
        quad for quad in [*candidates, whole_page(page)] if _plausible(quad, page, settings)
    ]
    guessed = groups_of_print(text, [], page, settings.min_text_lines)
    guessed = [quad for quad in guessed if _plausible(quad, page, settings)]
    prints = np.concatenate([text.corners, pictures(page, [])])
    chosen = _best(candidates, guessed, edges, text, prints, settings)
    chosen += groups_of_print(text, chosen, page, settings.min_text_lines)
    return _reading_order([quad / scale for quad in chosen])


def _distinct(quads: list[Points]) -> list[Points]:
    """The quadrilaterals without those that repeat another to within a px or two."""
    kept: dict[tuple[int, ...], Points] = {}
    for quad in quads:
        kept.setdefault(tuple((quad.ravel() // _SAME_PX).astype(int)), quad)
    return list(kept.values())


def _plausible(quad: Points, page: Image, settings: Finder) -> bool:
    """A convex, card-shaped quadrilateral that is large enough to be read."""
    width, height = mean_size(long_side_first(quad))
    if height <= 0 or not settings.min_aspect <= width / height <= settings.max_aspect:
        return False
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(sides, axis=1)
    following = np.roll(sides, -1, axis=0)
    cosines = (sides * following).sum(axis=1) / (lengths * np.roll(lengths, -1) + 1e-9)
    square_enough = bool(np.abs(cosines).max() < 0.5)
    return square_enough and area(quad) >= SMALLEST_CARD * page.shape[0] * page.shape[1]


def _score(
    quad: Points,
    inside: NDArray[np.bool_],
    edges: Edges,
    text: TextBlobs,
    prints: NDArray[np.float64],
    settings: Finder,
) -> float:
    """How much a quadrilateral looks like a card, 0..1; `inside` are the lines that it holds."""
    if inside.sum() < settings.min_text_lines:
        return 0.0
    quad = long_side_first(quad)
    width, height = mean_size(quad)
    shape = np.exp(
        -((np.log(width / height / CARD_ASPECT) / 0.18) ** 2) - (_taper(quad) / 0.3) ** 2
    )
    # on a sheet around the card letters are far smaller
    letters = abs(np.log(np.quantile(text.heights[inside], 0.75) / height / _LETTERS))
    scale = np.exp(-((max(letters - _USUAL, 0) / 0.6) ** 2))
    unit = quad_to_unit(prints.reshape(-1, 2), quad).reshape(-1, 4, 2)
    own = unit[(np.abs(unit.mean(axis=1) - 0.5) < 0.5).all(axis=1)].reshape(-1, 2)
    span = np.ptp(own, axis=0).max() if len(own) else 0.0
    filled = min(float(span) / _PRINT_SPAN, 1.0) ** 6
    whole = 1 / (1 + text.cut_by(quad))
    shares = (0.3 + 0.7 * shape) * (0.4 + 0.6 * whole) * filled
    return float(support(quad, edges) * shares * scale)


def _best(
    outlines: list[Points],
    guessed: list[Points],
    edges: Edges,
    text: TextBlobs,
    prints: NDArray[np.float64],
    settings: Finder,
) -> list[Points]:
    """The highest scores first, none overlapping another that was kept."""
    candidates = [*outlines, *guessed]
    held = [text.inside(quad) for quad in candidates]
    alone = [
        _score(quad, own, edges, text, prints, settings)
        for quad, own in zip(candidates, held, strict=True)
    ]
    shares = [_NEARLY_ALL] * len(outlines) + [_MOST] * len(guessed)
    several = [_is_several(i, candidates, held, alone, share) for i, share in enumerate(shares)]
    # a part of a card has straight edges too, but leaves text of the card outside
    scores = [*alone[: len(outlines)], *(_GUESSED * score for score in alone[len(outlines) :])]
    for i, own in enumerate(held):
        around = [
            int(other.sum())
            for j, other in enumerate(held)
            if alone[j] > _RIVAL * alone[i] and _holds(other, own) and not several[j]
        ]
        scores[i] *= own.sum() / max(*around, own.sum(), 1)
    kept: list[Points] = []
    for i in np.argsort(scores)[::-1]:
        quad = candidates[i]
        if (
            scores[i] >= settings.min_score
            and not several[i]
            and all(overlap(quad, q) < 0.2 for q in kept)
        ):
            kept.append(long_side_first(quad))
    return kept


def _is_several(
    whole: int,
    candidates: list[Points],
    held: list[NDArray[np.bool_]],
    scores: list[float],
    share: float,
) -> bool:
    """Whether others that score more stand side by side in a candidate and hold a share of it."""
    parts: list[int] = []
    for i in np.argsort(scores)[::-1]:
        if scores[i] <= scores[whole]:
            break
        if _holds(held[whole], held[i]) and all(
            overlap(candidates[i], candidates[part]) < 0.2 for part in parts
        ):
            parts.append(int(i))
    if len(parts) < 2:
        return False
    together = np.logical_or.reduce([held[part] for part in parts])
    return bool((together & held[whole]).sum() >= share * held[whole].sum())


def _holds(lines: NDArray[np.bool_], others: NDArray[np.bool_]) -> bool:
    """Whether nearly all of the other lines are among the lines."""
    return bool((lines & others).sum() >= _NEARLY_ALL * others.sum())


def _taper(quad: Points) -> float:
    """How much two opposite sides differ, as a logarithm: near parts of a card look larger."""
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(np.abs(np.log(sides[:2] / sides[2:])).max())


def _reading_order(quads: list[Points]) -> list[Points]:
    """Top to bottom, then left to right; cards whose centres share a row are one row."""
    if not quads:
        return []
    row = 0.5 * float(np.median([mean_size(quad)[1] for quad in quads]))
    return sorted(quads, key=lambda q: (round(q[:, 1].mean() / row / 2), q[:, 0].mean()))
