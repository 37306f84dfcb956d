"""Patch → card: which layout it has and which way up it is, told by what is printed on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.cards.classify import Recognised, recognise
from pipeline.cards.labels import frame
from pipeline.cards.layout import Layout
from pipeline.elements import Card, Image, Line, Patch
from pipeline.errors import NotACard
from pipeline.ocr import geometry, lines, turn
from pipeline.ocr.engines import recogniser
from pipeline.ocr.lines import Box, read_lines
from pipeline.transforms.stage import Stage

_WIDEST_LABEL = 0.75
"""Of the card's width. A wider line is machine-readable: it is read with its own alphabet."""

_SAME_CARD = 0.6
"""Overlap at which two patches show parts of one card."""


@dataclass(eq=False)
class Classify(Stage):
    """Read the lines of each patch that may be labels, and know its layout by them."""

    layouts: tuple[Layout, ...]
    engine: str
    name, result = "classify", Card

    def each(self, element: Patch) -> Iterator[Card]:
        boxes = lines.find(element.image)
        image, corners, boxes = turn.upright(element.image, element.corners, boxes)
        read, found = self._recognise(image, boxes)
        place = frame(found.layout, read) if found else None
        if place is not None:  # the labels say that the card is not what was cut out: cut again
            corners = geometry.part(corners, place)
            if any(geometry.overlap(corners, other) > _SAME_CARD for other in element.larger):
                raise NotACard("part of a card that was found whole; nothing to do")
            height, width = image.shape[:2]
            image = geometry.straighten(element.page.image, corners, (width, height))
            boxes = lines.find(image)
            read, found = self._recognise(image, boxes)
        if found is None:
            raise NotACard("no supported card was recognised; send a DNI or a Carné de Extranjería")
        yield Card(
            origin=element.origin,
            index=element.index,
            layout=found.layout.name,
            corners=corners,
            image=image,
            lines=tuple(read),
            unread=tuple(box for box in boxes if box[2] >= _WIDEST_LABEL),
        )

    def _recognise(self, image: Image, boxes: list[Box]) -> tuple[list[Line], Recognised | None]:
        """Read the lines that may be labels, and tell the layout by them."""
        labels = [box for box in boxes if box[2] < _WIDEST_LABEL]
        read = read_lines(recogniser(self.engine), image, labels)
        return read, recognise(self.layouts, read)
