"""Patch → card: which layout it has and which way up it is, told by what is printed on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pipeline.cards.classify import Recognised, recognise
from pipeline.cards.labels import frame
from pipeline.cards.layout import Layout
from pipeline.elements import Card, Image, Line, Patch, Points
from pipeline.errors import NotACard
from pipeline.ocr import geometry, lines
from pipeline.ocr.engines import engine
from pipeline.ocr.lines import Found, read_lines
from pipeline.ocr.recognition import PRINT_OR_MRZ, Engine
from pipeline.settings import Reader
from pipeline.transforms.stage import Stage

_SAME_CARD = 0.6
"""Overlap at which two patches show parts of one card."""


_SLOPE = 0.008
"""Lines that fall more, px a px, are levelled: readers of lines want them straight."""


@dataclass(frozen=True)
class _Cut:
    """A part of a page that may be a card, and where lines are on it."""

    image: Image
    corners: Points
    found: Found

    def turned(self) -> "_Cut":
        """The same, turned by 180 degrees."""
        boxes = [geometry.upside_down(box) for box in self.found.boxes]
        corners = np.roll(self.corners, 2, axis=0)
        return _Cut(self.image[::-1, ::-1], corners, replace(self.found, boxes=boxes))


@dataclass(frozen=True)
class _Look:
    """A card one way up, with what was read on it and what that says it is."""

    image: Image
    corners: Points
    lines: list[Line]
    found: Recognised


@dataclass(eq=False)
class Classify(Stage):
    """Read the lines of each patch, and know its layout by its labels.

    A patch of which too few labels are legible is read carefully.
    """

    layouts: tuple[Layout, ...]
    reader: Reader
    name, result = "classify", Card

    def each(self, element: Patch) -> Iterator[Card]:
        look = self._look(engine(self.reader.engine), element)
        if look.found.worth_a_look:
            careful = self._look(engine(self.reader.careful_engine), element)
            look = max(look, careful, key=_rank)
        if not look.found.certain:
            raise NotACard("no supported card was recognised; send a DNI or a Carné de Extranjería")
        yield Card(
            origin=element.origin,
            index=element.index,
            layout=look.found.layout.name,
            corners=look.corners,
            image=look.image,
            lines=tuple(look.lines),
        )

    def _look(self, reading: Engine, patch: Patch) -> _Look:
        """The patch the way up that reads as more of a card, cut out anew if it was cut badly."""
        cut = _Cut(patch.image, patch.corners, lines.find(reading, patch.image))
        if abs(cut.found.slope) > _SLOPE:
            cut = _cut(reading, patch, geometry.levelled(cut.corners, cut.found.slope))
        look = self._read(reading, cut)
        if not look.found.certain:
            other = self._read(reading, cut.turned())
            look = max(look, other, key=_rank)
        place = frame(look.found.layout, look.lines)
        if place is None:
            return look
        # the labels say that the card is not what was cut out
        corners = geometry.part(look.corners, place)
        if any(geometry.overlap(corners, other) > _SAME_CARD for other in patch.larger):
            raise NotACard("part of a card that was found whole; nothing to do")
        anew = self._read(reading, _cut(reading, patch, corners))
        same = anew.found.certain and anew.found.layout == look.found.layout
        return anew if same else max(anew, look, key=_rank)

    def _read(self, reading: Engine, cut: _Cut) -> _Look:
        """Read all lines, and tell the layout by them."""
        read = read_lines(reading, cut.image, cut.found.boxes, PRINT_OR_MRZ)
        return _Look(cut.image, cut.corners, read, recognise(self.layouts, read))


def _rank(look: _Look) -> tuple[bool, float]:
    return look.found.certain, look.found.score


def _cut(reading: Engine, patch: Patch, corners: Points) -> _Cut:
    """Another part of the patch's page, as large as the patch."""
    height, width = patch.image.shape[:2]
    image = geometry.straighten(patch.page.image, corners, (width, height))
    return _Cut(image, corners, lines.find(reading, image))
