"""Patch → card: which layout it has and which way up it is, told by what is printed on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.cards.anchor import frame
from pipeline.cards.classify import recognise
from pipeline.cards.layout import Layout
from pipeline.elements import Card, Page, Patch
from pipeline.errors import NotACard
from pipeline.ocr import geometry, lines, turn
from pipeline.ocr.engines import recogniser
from pipeline.ocr.lines import Box, read_lines
from pipeline.transforms.stage import Stage

_WIDEST_LABEL = 0.75
"""Of the card's width."""


@dataclass(eq=False)
class Classify(Stage):
    """Read the lines of each patch that may be labels, and know its layout by them."""

    layouts: tuple[Layout, ...]
    engine: str
    name, result = "classify", Card

    def each(self, element: Patch) -> Iterator[Card]:
        boxes = lines.find(element.image)
        image, corners, boxes = turn.upright(element.image, element.corners, boxes)
        # a line as wide as the card is machine-readable: no label, and read with its own alphabet
        labels = [box for box in boxes if box[2] < _WIDEST_LABEL]
        read = read_lines(recogniser(self.engine), image, labels)
        found = recognise(self.layouts, read)
        if found is None:
            raise NotACard("no supported card was recognised; send a DNI or a Carné de Extranjería")
        if found is None:
            raise NotACard("no supported card was recognised; send a DNI or a Carné de Extranjería")
        card = Card(
            origin=element.origin,
            index=element.index,
            layout=found.layout.name,
            corners=corners,
            image=image,
            lines=tuple(read),
            unread=tuple(box for box in boxes if box[2] >= _WIDEST_LABEL),
        )
        misplaced = frame(found.layout, read)
        yield card if misplaced is None else _reframed(card, element.page, misplaced)


def _reframed(card: Card, page: Page, place: Box) -> Card:
    """The card cut anew from its page, where its labels say that it lies; nothing is read again."""
    corners = geometry.part(card.corners, place)
    height, width = card.image.shape[:2]
    return replace(
        card,
        corners=corners,
        image=geometry.straighten(page.image, corners, (width, height)),
        lines=tuple(line.at(*lines.within(line.box, place)) for line in card.lines),
        unread=tuple(lines.within(box, place) for box in card.unread),
    )
