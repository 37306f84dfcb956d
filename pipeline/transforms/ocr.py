"""Card → reading: everything that its layout says is printed on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.cards.anchor import anchor
from pipeline.cards.kinds import KINDS
from pipeline.cards.layout import Layout
from pipeline.elements import Card, Line, Reading
from pipeline.ocr import lines, zones
from pipeline.ocr.engines import recogniser
from pipeline.ocr.lines import Box, read_lines
from pipeline.ocr.recognition import MRZ, PRINT, Recogniser
from pipeline.transforms.stage import Stage


@dataclass(eq=False)
class Ocr(Stage):
    """Read what is still unread and give it to fields; look again where a field is missing.

    The machine-readable zone, the barcode and the face are read here too.
    """

    layouts: dict[str, Layout]
    engine: str
    name, result = "ocr", Reading

    def each(self, element: Card) -> Iterator[Reading]:
        layout, engine = self.layouts[element.layout], recogniser(self.engine)
        zone = layout.mrz or (0.0, 2.0, 0.0, 0.0)
        unread = [box for box in element.unread if not zones.within(box, zone)]
        read = [*element.lines, *read_lines(engine, element.image, unread)]
        printed = [line for line in read if not zones.within(line.box, zone)]
        found = anchor(layout, printed)
        again, bare = _second_look(engine, element, layout, found.windows)
        rows = zones.rows([*(line.box for line in read), *element.unread], zone)
        yield Reading(
            origin=element.origin,
            index=element.index,
            layout=element.layout,
            corners=element.corners,
            fields=found.values | again,
            bare=bare,
            mrz=tuple(read_lines(engine, element.image, rows, MRZ)),
            barcodes=zones.barcodes(element.image, layout.barcode) if layout.barcode else (),
            face=zones.face(element.image, layout.portrait, element.corners)
            if layout.has_face and element.origin.detect_face
            else None,
        )


def _second_look(
    engine: Recogniser, card: Card, layout: Layout, windows: dict[str, tuple[Box, ...]]
) -> tuple[dict[str, Line], frozenset[str]]:
    """Read the places where fields without a value should have one; and name those left bare.

    Detectors of text pass over single letters and faint words; a window cut out at the right place
    does not.
    """
    places = [(name, box) for name, boxes in windows.items() for box in boxes if _on_card(box)]
    pictures = lines.cut(card.image, [box for _, box in places])
    bare = {
        name for (name, _), picture in zip(places, pictures, strict=True) if zones.is_bare(picture)
    }
    inked = [(name, box) for name, box in places if name not in bare]
    # without label or place, nothing is printed that could be looked at
    bare |= {name for name, boxes in windows.items() if not boxes}
    read = read_lines(engine, card.image, [box for _, box in inked], PRINT)
    values: dict[str, Line] = {}
    for (name, _), line in zip(inked, read, strict=True):
        if name not in values and KINDS[layout.fields[name].kind](line.text):
            values[name] = line
    return values, frozenset(bare)


def _on_card(box: Box) -> bool:
    x, y, w, h = box
    return 0 <= x + w / 2 <= 1 and 0 <= y + h / 2 <= 1 and w > 0 and h > 0
