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


def _family(pattern: str, regular: str = "Regular", bold: str = "Bold") -> Family:
    return Family(pattern.format(regular), pattern.format(bold))


_DEVELOPMENT = (
    _family("truetype/dejavu/DejaVuSans{}.ttf", "", "-Bold"),
    _family("truetype/dejavu/DejaVuSansCondensed{}.ttf", "", "-Bold"),
    _family("truetype/liberation/LiberationSans-{}.ttf"),
    _family("truetype/liberation/LiberationSansNarrow-{}.ttf"),
    _family("truetype/freefont/FreeSans{}.ttf", "", "Bold"),
    _family("truetype/open-sans/OpenSans-{}.ttf"),
    _family("truetype/open-sans/OpenSans-{}.ttf", "Semibold", "ExtraBold"),
)
_HELD_OUT = (
    _family("truetype/lato/Lato-{}.ttf"),
    _family("truetype/crosextra/Carlito-{}.ttf"),
    _family("opentype/urw-base35/NimbusSans-{}.otf"),
    _family("opentype/urw-base35/NimbusSansNarrow-{}.otf"),
    _family("truetype/roboto/unhinted/RobotoTTF/Roboto-{}.ttf"),
    _family("truetype/roboto/unhinted/RobotoCondensed-{}.ttf"),
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
