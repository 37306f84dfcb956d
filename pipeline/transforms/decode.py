"""Document → pages: foreign bytes to pixels."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.elements import DeadLetter, Document, Page
from pipeline.errors import InvalidArgument
from pipeline.ocr import images, pdf
from pipeline.ocr.images import Limits
from pipeline.transforms.stage import Stage


@dataclass(eq=False)
class Decode(Stage):
    """Decode each image, draw each page of each PDF; a page that fails fails alone."""

    limits: Limits
    name, result, streams = "decode", Page, True

    def each(self, element: Document) -> Iterator[Page | DeadLetter]:
        content, origin = element.content, element.origin
        if images.content_type(content) != "PDF":
            yield Page(origin._replace(page=1), images.decode(content, self.limits))
            return
        for number, size in enumerate(pdf.page_sizes(content, self.limits), 1):
            page = origin._replace(page=number)
            try:
                yield Page(page, pdf.render(content, self.limits, number, size))
            except InvalidArgument as error:
                yield self.dead_letter(page, error)
