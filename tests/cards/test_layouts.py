"""Every layout reads a card drawn without knowing of it, and recognises no other's."""

from collections.abc import Callable

import cv2
import pytest

from pipeline.build import reading
from pipeline.cards.classify import recognise
from pipeline.elements import CardRow, Document, Origin
from pipeline.ocr import lines
from pipeline.ocr.engines import engine
from pipeline.settings import Settings
from specimens.captures import encoded
from specimens.draw import Drawn

SIDES = [
    "carne_extranjeria_front",
    "dni_azul_back",
    "dni_azul_front",
    "dnie_2013_back",
    "dnie_2013_front",
    "dnie_2020_back",
    "dnie_2020_front",
    "dnie_2025_back",
]


def read(content: bytes, configuration: Settings) -> list[CardRow]:
    """A file through all stages, without Beam."""
    elements = [Document(Origin("card.jpg", "TID", content_sha256="0"), content)]
    for stage in reading(configuration):
        elements = [result for element in elements for result in stage.each(element)]
    return elements


def test_every_layout_is_tested(configuration: Settings) -> None:
    assert sorted(layout.name for layout in configuration.layouts) == SIDES


@pytest.mark.parametrize("side", SIDES)
def test_a_drawn_card_reads_back(
    side: str, drawn: Callable[..., Drawn], configuration: Settings
) -> None:
    card = drawn(side)
    (row,) = read(encoded(card.image, "JPEG", quality=92), configuration)
    assert {name: row.values[name] for name in card.truth["fields"]} == card.truth["fields"]
    assert row.values["layout"] == card.truth["layout"]
    assert row.values["holder_id"] in (card.truth["holder_id"], None)


@pytest.mark.parametrize("side", SIDES)
def test_a_card_is_recognised_as_itself_and_no_other(
    side: str, drawn: Callable[..., Drawn], configuration: Settings
) -> None:
    image = drawn(side).image
    reading = engine(configuration.reader.engine)
    text = lines.read_lines(reading, image, lines.find(reading, image).boxes)
    found = recognise(configuration.layouts, text)
    assert found.certain
    assert found.layout.name == side
    others = [layout for layout in configuration.layouts if layout.name != side]
    assert recognise(others, text).score < found.score


def test_the_published_geometry_is_read_small_and_with_a_label_struck_out(
    drawn: Callable[..., Drawn], configuration: Settings
) -> None:
    card = drawn("dnie_2013_front")
    small = cv2.resize(card.image, (580, 330), interpolation=cv2.INTER_AREA)
    cv2.arrowedLine(small, (285, 207), (171, 207), (200, 0, 0), 4)  # over Fecha de Nacimiento
    (row,) = read(encoded(small, "JPEG", quality=85), configuration)
    wrong = {n for n, truth in card.truth["fields"].items() if row.values[n] != truth}
    assert wrong == set()
