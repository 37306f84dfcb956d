"""Patch → card: which layout it has and which way up it is, told by what is printed on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.cards.classify import recognise
from pipeline.cards.layout import Layout
from pipeline.elements import Card, Patch
from pipeline.errors import NotACard
from pipeline.ocr import lines, turn
from pipeline.ocr.engines import recogniser
from pipeline.ocr.lines import read_lines
from pipeline.transforms.stage import Stage


@dataclass(eq=False)
class Classify(Stage):
    """Read as many lines of each patch as it takes to know its layout."""

    layouts: tuple[Layout, ...]
    engine: str
    first_lines: int = 14
    """Lines read before the first try at recognising the layout."""
    name, result = "classify", Card

    def each(self, element: Patch) -> Iterator[Card]:
        boxes = lines.find(element.image)
        image, corners, boxes = turn.upright(element.image, element.corners, boxes)
        engine = recogniser(self.engine)
        read = read_lines(engine, image, boxes[: self.first_lines])
        found, unread = recognise(self.layouts, read), boxes[self.first_lines :]
        if unread and (found is None or not found.clear):
            read += read_lines(engine, image, unread)
            found, unread = recognise(self.layouts, read), []
        if found is None:
            raise NotACard("no supported card was recognised; send a DNI or a Carné de Extranjería")
        yield Card(
            origin=element.page.origin,
            index=element.index,
            layout=found.layout.name,
            corners=corners,
            image=image,
            lines=tuple(read),
            unread=tuple(unread),
        )
