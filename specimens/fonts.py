"""Typefaces of Debian's free font packages, split so that some are never seen in development."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

_ROOT = Path("/usr/share/fonts")
PACKAGES = (
    "fonts-dejavu-core fonts-liberation fonts-freefont-ttf fonts-open-sans fonts-roboto-unhinted "
    "fonts-crosextra-carlito fonts-lato fonts-urw-base35 fonts-ocr-b"
)


@dataclass(frozen=True)
class Family:
    """Regular and bold file of a typeface."""

    regular: str
    bold: str


_DEVELOPMENT = (
    Family("truetype/dejavu/DejaVuSans.ttf", "truetype/dejavu/DejaVuSans-Bold.ttf"),
    Family(
        "truetype/liberation/LiberationSans-Regular.ttf",
        "truetype/liberation/LiberationSans-Bold.ttf",
    ),
    Family(
        "truetype/liberation/LiberationSansNarrow-Regular.ttf",
        "truetype/liberation/LiberationSansNarrow-Bold.ttf",
    ),
    Family("truetype/freefont/FreeSans.ttf", "truetype/freefont/FreeSansBold.ttf"),
    Family("truetype/open-sans/OpenSans-Regular.ttf", "truetype/open-sans/OpenSans-Bold.ttf"),
)
_HELD_OUT = (
    Family("truetype/lato/Lato-Regular.ttf", "truetype/lato/Lato-Bold.ttf"),
    Family("truetype/crosextra/Carlito-Regular.ttf", "truetype/crosextra/Carlito-Bold.ttf"),
    Family("opentype/urw-base35/NimbusSans-Regular.otf", "opentype/urw-base35/NimbusSans-Bold.otf"),
    Family(
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf",
    ),
)
_OCR_B = "opentype/ocr-b/OCRB.otf"


def families(which: str) -> list[Family]:
    """The installed families of `development`, `held_out` or `all`.

    Raises FileNotFoundError naming the packages when none is installed.
    """
    wanted = {"development": _DEVELOPMENT, "held_out": _HELD_OUT, "all": _DEVELOPMENT + _HELD_OUT}
    found = [f for f in wanted[which] if (_ROOT / f.regular).exists() and (_ROOT / f.bold).exists()]
    if not found or not (_ROOT / _OCR_B).exists():
        raise FileNotFoundError(f"fonts are missing: apt-get install {PACKAGES}")
    return found


@cache
def load(path: str, size: int) -> ImageFont.FreeTypeFont:
    """A font at a size in px."""
    return ImageFont.truetype(str(_ROOT / path), size)


def ocr_b(size: int) -> ImageFont.FreeTypeFont:
    """The typeface of machine-readable zones."""
    return load(_OCR_B, size)
