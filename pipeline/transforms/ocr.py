"""Card → reading: everything that its layout says is printed on it."""

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.cards.anchor import Anchored, anchor
from pipeline.cards.kinds import KINDS
from pipeline.cards.layout import Layout
from pipeline.cards.row import ZONE, doubts
from pipeline.elements import Card, Line, Reading
from pipeline.ocr import lines, zones
from pipeline.ocr.engines import engine
from pipeline.ocr.lines import Box, read_lines
from pipeline.ocr.recognition import MRZ, Engine
from pipeline.settings import Reader
from pipeline.transforms.stage import Stage

_ILLEGIBLE = 0.8
"""A line read with less confidence, 0..1, may be a label that was not recognised."""
_NOISE = 0.5
"""What is read in a window with less is no print."""
_NOWHERE = (0.0, 2.0, 0.0, 0.0)
"""A zone that holds no line."""


@dataclass(eq=False)
class Ocr(Stage):
    """Give what was read to fields; look again where a field is missing.

    What the first engine is not sure of, or what rules contradict, a careful engine reads too. The
    machine-readable zone, the barcode and the face are read here as well.
    """

    layouts: dict[str, Layout]
    reader: Reader
    name, result = "ocr", Reading

    def each(self, element: Card) -> Iterator[Reading]:
        layout = self.layouts[element.layout]
        zone = layout.mrz or _NOWHERE
        rows = zones.rows([line.box for line in element.lines], zone)
        printed: Sequence[Line] = [
            line for line in element.lines if not zones.within(line.box, zone)
        ]
        found = anchor(layout, printed)
        if not all(found.windows.values()):  # a field has neither a value nor a place for one
            unsure = [line for line in printed if line.confidence < _ILLEGIBLE]
            printed = self._carefully(element, printed, unsure)
            found = anchor(layout, printed)
        printed = self._repeatedly(element, printed, found)
        found = anchor(layout, printed)
        first = self._first(element, layout, found, rows)
        now = datetime.datetime.now(datetime.UTC)
        doubtful = doubts(first, layout, self.reader.careful_below, now)
        yield self._second(element, layout, printed, found, rows, first, doubtful)

    def _first(self, card: Card, layout: Layout, found: Anchored, rows: Sequence[Box]) -> Reading:
        """What the first engine makes of the card."""
        fast = engine(self.reader.engine)
        fields, bare = _fields(fast, card, layout, found, set(layout.printed))
        has_face = layout.has_face and card.origin.detect_face
        return Reading(
            origin=card.origin,
            index=card.index,
            layout=card.layout,
            corners=card.corners,
            fields=fields,
            again={},
            bare=bare,
            unclear=frozenset(layout.printed) - set(fields) - bare,
            mrz=(tuple(read_lines(fast, card.image, rows, MRZ)),),
            barcodes=zones.barcodes(card.image, layout.barcode) if layout.barcode else (),
            face=zones.face(card.image, layout.portrait, card.corners) if has_face else None,
        )

    def _second(
        self,
        card: Card,
        layout: Layout,
        printed: Sequence[Line],
        found: Anchored,
        rows: Sequence[Box],
        first: Reading,
        doubtful: frozenset[str],
    ) -> Reading:
        """The reading, with what the careful engine makes of its doubtful parts."""
        careful = engine(self.reader.careful_engine)
        mrz, names = first.mrz, doubtful - {ZONE}
        if ZONE in doubtful and rows:
            mrz = (*mrz, tuple(read_lines(careful, card.image, rows, MRZ)))
        if not names:
            return replace(first, mrz=mrz)
        places = [first.fields[name].box for name in names if name in first.fields]
        places += [box for name in names for box in found.windows.get(name, ())]
        found = anchor(layout, self._carefully(card, printed, _touching(printed, places)))
        read, _ = _fields(careful, card, layout, found, names)
        again = {name: line for name, line in read.items() if name in names}
        return replace(first, mrz=mrz, again=again)

    def _repeatedly(self, card: Card, printed: Sequence[Line], found: Anchored) -> Sequence[Line]:
        """The lines, those of values that the first engine is unsure of read in several crops."""
        below = self.reader.careful_below
        faint = [line.box for line in found.values.values() if line.confidence < below]
        unsure = _touching(printed, faint)
        boxes = [line.box for line in unsure]
        read = lines.read_repeatedly(engine(self.reader.engine), card.image, boxes)
        return _with(printed, unsure, read)

    def _carefully(
        self, card: Card, printed: Sequence[Line], unsure: Sequence[Line]
    ) -> Sequence[Line]:
        """The lines, the unsure ones as the careful engine reads them."""
        boxes = [line.box for line in unsure]
        read = read_lines(engine(self.reader.careful_engine), card.image, boxes)
        return _with(printed, unsure, read)


def _with(printed: Sequence[Line], unsure: Sequence[Line], read: Sequence[Line]) -> Sequence[Line]:
    """The lines, the unsure ones as they were read again."""
    again = dict(zip(map(id, unsure), read, strict=True))
    return [again.get(id(line), line) for line in printed]


def _touching(printed: Sequence[Line], places: Sequence[Box]) -> list[Line]:
    """The lines that run through one of the places."""
    return [line for line in printed if any(_touches(line.box, place) for place in places)]


def _fields(
    reading: Engine,
    card: Card,
    layout: Layout,
    found: Anchored,
    wanted: Collection[str],
) -> tuple[dict[str, Line], frozenset[str]]:
    """The text of each field, and which of the wanted ones stand on bare ground.

    Detectors of text pass over single letters and faint words; a window cut out at the right place
    does not.
    """
    windows = {name: boxes for name, boxes in found.windows.items() if name in wanted}
    places = [(name, box) for name, boxes in windows.items() for box in boxes if _on_card(box)]
    pictures = lines.cut(card.image, [box for _, box in places])
    inked = [
        place for place, picture in zip(places, pictures, strict=True) if not zones.is_bare(picture)
    ]
    bare = {name for name, _ in places} - {name for name, _ in inked}
    values = dict(found.values)
    read = read_lines(reading, card.image, [box for _, box in inked])
    for (name, _), line in zip(inked, read, strict=True):
        legible = line.confidence > _NOISE and KINDS[layout.fields[name].kind](line.text)
        if name not in values and legible:
            values[name] = line
    return values, frozenset(bare)


def _touches(line: Box, place: Box) -> bool:
    """Whether a line's middle runs through a place."""
    x, y, w, h = place
    middle = line[1] + line[3] / 2
    return y <= middle <= y + h and line[0] < x + w and x < line[0] + line[2]


def _on_card(box: Box) -> bool:
    x, y, w, h = box
    return 0 <= x + w / 2 <= 1 and 0 <= y + h / 2 <= 1 and w > 0 and h > 0
