"""Files are told by content, limits are checked first, and what a camera meant is honoured."""

import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import InvalidArgument
from pipeline.ocr import images
from pipeline.settings import Settings


def file(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def test_type_is_told_by_content() -> None:
    assert images.content_type(file(Image.new("RGB", (9, 9)), "JPEG")) == "JPEG"
    assert images.content_type(b"junk\n%PDF-1.4") == "PDF"
    for content, reason in ((b"", "empty"), (b"GIF89a", "not a JPEG, PNG or PDF")):
        with pytest.raises(InvalidArgument, match=reason):
            images.content_type(content)


@pytest.mark.parametrize("size", [(127, 500), (500, 127), (6001, 200)])
def test_sides_outside_the_limits_are_refused(
    size: tuple[int, int], configuration: Settings
) -> None:
    with pytest.raises(InvalidArgument, match="between 128 and 6000 px"):
        images.decode(file(Image.new("1", size)), configuration.limits)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_every_mode_becomes_rgb(mode: str, configuration: Settings) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    picture = images.decode(file(Image.new(mode, (200, 150)), form), configuration.limits)
    assert picture.shape == (150, 200, 3)
    assert picture.dtype == np.uint8


def test_transparent_is_white(configuration: Settings) -> None:
    picture = images.decode(file(Image.new("RGBA", (200, 150), (0, 0, 0, 0))), configuration.limits)
    assert picture.min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(orientation: int, configuration: Settings) -> None:
    upright = Image.new("RGB", (300, 200), "white")
    upright.paste("black", (0, 0, 60, 60))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = images.decode(file(stored, "JPEG", exif=exif, quality=95), configuration.limits)
    assert picture.shape == (200, 300, 3)
    assert picture[30, 30].max() < 60
    assert picture[170, 270].min() > 200


def test_a_file_cut_short_is_refused_at_any_length(configuration: Settings) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    whole = file(Image.fromarray(noise), "JPEG")
    for tenth in range(1, 10):
        with pytest.raises(InvalidArgument, match="corrupt"):
            images.decode(whole[: len(whole) * tenth // 10], configuration.limits)
