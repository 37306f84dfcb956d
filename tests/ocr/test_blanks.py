"""Blanks that recognition drops come back from the gaps in the picture."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pipeline.ocr import blanks
from pipeline.ocr.recognition import Text
from specimens import fonts


@pytest.mark.parametrize("family", range(5))
@pytest.mark.parametrize(
    "printed",
    ["LA VICTORIA", "SUM. 316312", "KM 13.5", "AV. EL SOL 2345", "URB. LA LADERA", "AVILA"],
)
def test_a_blank_is_where_the_gap_is(printed: str, family: int) -> None:
    font = fonts.load(fonts.families("development")[family].bold, 40)
    picture = Image.new("RGB", (round(font.getlength(printed)) + 20, 56), (215, 235, 240))
    ImageDraw.Draw(picture).text((10, 46), printed, font=font, fill=(20, 20, 20), anchor="ls")
    ends = [font.getlength(printed[:i]) + 10 for i in range(len(printed) + 1)]
    centres = [(a + b) / 2 / picture.width for a, b in pairwise(ends)]
    read = [(c, x) for c, x in zip(printed, centres, strict=True) if c != " "]
    letters, places = zip(*read, strict=True)
    text = Text("".join(letters), (0.9,) * len(letters), places)
    assert blanks.restored(np.asarray(picture), text).text == printed
