"""The package's own engine sees and reads print."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.ocr import lines
from pipeline.ocr.engines import NAMES, engine
from pipeline.ocr.recognition import MRZ, PRINT
from specimens import fonts


def printed(text: str, font: object) -> np.ndarray:
    picture = Image.new("RGB", (round(font.getlength(text)) + 24, 52), (214, 232, 238))
    ImageDraw.Draw(picture).text((12, 40), text, font=font, fill=(25, 25, 40), anchor="ls")
    return np.asarray(picture)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["QUISPE MAMANI", "NUÑEZ", "18 02 1986", "LIMA/LIMA/ATE", "M"])
def test_a_line_is_read_as_it_is_printed(name: str, text: str) -> None:
    font = fonts.load(fonts.families("development")[0].regular, 40)
    (read,) = engine(name).read([printed(text, font)], PRINT)
    assert read.text.strip() == text
    assert len(read.confidences) == len(read.centres) == len(read.text)


def test_only_the_allowed_characters_are_read() -> None:
    row = "8602189F2005180PER<<<<<<<<<<<0"
    (read,) = engine("compact").read([printed(row, fonts.ocr_b(40))], MRZ)
    assert read.text == row


def test_lines_of_many_widths_are_read_in_their_order() -> None:
    font = fonts.load(fonts.families("development")[0].bold, 40)
    texts = ["A.H. VILLA MARIA", "SI", "DIVORCIADO", "F", "70123456", "CARMEN ROSA DEL PILAR"]
    read = engine("compact").read([printed(text, font) for text in texts], PRINT)
    assert [text.text.strip() for text in read] == texts


def test_the_slope_of_a_card_is_seen() -> None:
    card = Image.new("RGB", (1024, 646), (225, 235, 240))
    font = fonts.load(fonts.families("development")[0].bold, 30)
    for y in range(80, 560, 80):
        ImageDraw.Draw(card).text((120, y), "RESIDENTE EN LIMA METROPOLITANA", font=font, fill=20)
    turned = card.rotate(-3, fillcolor=(225, 235, 240))  # clockwise: lines fall to the right
    assert lines.find(engine("compact"), np.asarray(card)).slope == pytest.approx(0, abs=0.006)
    slope = lines.find(engine("compact"), np.asarray(turned)).slope
    assert slope == pytest.approx(np.tan(np.radians(3)), abs=0.008)
