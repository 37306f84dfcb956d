"""Cards are found wherever they lie, in reading order, and nowhere else."""

import io
import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from pipeline.ocr.blobs import is_blank
from pipeline.ocr.engines import engine
from pipeline.ocr.finder import find_cards
from pipeline.ocr.geometry import mean_size, overlap
from pipeline.settings import Settings
from specimens.captures import CAPTURES
from specimens.draw import Drawn

DrawSide = Callable[..., Drawn]


@pytest.mark.parametrize("capture", ["crop", "scan", "turned_scan", "phone", "photocopy"])
def test_a_card_is_found_where_it_is(
    capture: str, drawn: DrawSide, configuration: Settings
) -> None:
    taken = CAPTURES[capture]([drawn("dnie_2013_front")], random.Random(5))
    page = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(taken.content))))
    (found,) = find_cards(engine(configuration.reader.engine), page, configuration.finder)
    width, height = mean_size(found)
    assert width > height
    assert overlap(found, taken.quads[0]) > 0.85


def test_blank_paper_is_blank_and_holds_no_card(configuration: Settings) -> None:
    noise = np.random.default_rng(1).normal(245, 2, (1100, 800, 3)).clip(0, 255).astype(np.uint8)
    assert is_blank(noise)
    assert find_cards(engine(configuration.reader.engine), noise, configuration.finder) == []


def test_print_is_not_blank(drawn: DrawSide) -> None:
    assert not is_blank(drawn("dni_azul_back").image)
