"""Page → patches: the quadrilaterals that may be cards, straightened."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.elements import Page, Patch
from pipeline.errors import BlankPage, DetectionFailed
from pipeline.ocr.blobs import is_blank
from pipeline.ocr.engines import engine
from pipeline.ocr.finder import Finder, find_cards
from pipeline.ocr.geometry import area, card_size, straighten
from pipeline.settings import Reader
from pipeline.transforms.stage import Stage


@dataclass(eq=False)
class Detect(Stage):
    """Find and straighten what may be a card on each page."""

    finder: Finder
    reader: Reader
    name, result = "detect", Patch

    def each(self, element: Page) -> Iterator[Patch]:
        quads = find_cards(engine(self.reader.engine), element.image, self.finder)
        if not quads and is_blank(element.image):
            raise BlankPage("the page is blank; scan the side with the card")
        if not quads:
            raise DetectionFailed("no card was found on this page; photograph one card, flat")
        for index, quad in enumerate(quads):
            image = straighten(element.image, quad, card_size(quad, self.reader.card_width_px))
            larger = tuple(other for other in quads if area(other) > area(quad))
            yield Patch(element, index, quad, image, larger)
