"""The typefaces that lines are drawn in: every installed Latin one but those held out.

`packages.txt` names the Debian packages. What the specimens hold out is never drawn here, so that
`--fonts held_out` measures reading of typefaces that no part of the product was fitted to.
"""

import random
from functools import cache
from pathlib import Path

from PIL import ImageFont

from pipeline.ocr.recognition import PRINT

_ROOT = Path("/usr/share/fonts")
_HELD_OUT = ("Lato", "Carlito", "NimbusSans", "Roboto")
_LEFT_OUT = (
    *("Math", "Symbol", "Emoji", "Dingbat", "Icon", "Braille", "Ornament", "Initial", "Wingding"),
    *("Webding", "Marlett", "Blackletter", "Fraktur", "Chorus", "Chancery", "OCRA", "OCR-A"),
    *("OCRB", "Opens___", "Z003", "D050", "Signwriting", "Display"),
)
"""Parts of file names of typefaces that no card prints: scripts, pictures, ornaments."""
_OCR_B = "OCRB.otf"
_SIZE_PX = 40
_SLANTED = ("Italic", "Oblique", "Slanted")
_SANS_WEIGHT = 3.0


@cache
def prints(held_out: bool = False) -> list[Path]:
    """Files of typefaces that have every character of `PRINT`, one of each design."""
    designs: dict[tuple[bytes, ...], Path] = {}
    for path in sorted((*_ROOT.rglob("*.ttf"), *_ROOT.rglob("*.otf"))):
        if any(part in path.stem for part in _LEFT_OUT):
            continue
        if any(part in path.stem for part in _HELD_OUT) != held_out:
            continue
        design = _design(path)
        if design is not None:
            designs.setdefault(design, path)
    if not designs:
        raise FileNotFoundError("no typefaces: install the packages of training/packages.txt")
    return sorted(designs.values())


def choose(rng: random.Random, held_out: bool = False) -> Path:
    """A typeface for print, mostly an upright sans serif.

    A family is drawn first, so that one of many weights is not drawn most.
    """
    names, weights, families = _families(held_out)
    family = families[rng.choices(names, weights)[0]]
    upright = [path for path in family if not any(s in path.stem for s in _SLANTED)]
    return rng.choice(upright if upright and rng.random() < 0.9 else family)


def choose_zone(rng: random.Random) -> Path:
    """A typeface for a machine-readable zone: OCR-B, now and then another."""
    zone, others = _zone()
    return zone if rng.random() < 0.85 else rng.choice(others)


@cache
def load(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A typeface at a size in px."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _families(held_out: bool) -> tuple[list[str], list[float], dict[str, list[Path]]]:
    """Names and weights of the families, and the files of each."""
    families: dict[str, list[Path]] = {}
    for path in prints(held_out):
        families.setdefault(load(path, _SIZE_PX).getname()[0] or path.stem, []).append(path)
    names = sorted(families)
    return names, [_SANS_WEIGHT if "Sans" in name else 1.0 for name in names], families


@cache
def _zone() -> tuple[Path, list[Path]]:
    """OCR-B, and typefaces of one width that a zone may be printed in."""
    mono = [path for path in prints() if "Mono" in path.stem or "Cour" in path.stem]
    return next(_ROOT.rglob(_OCR_B)), mono


def _design(path: Path) -> tuple[bytes, ...] | None:
    """How a few of its letters look; None where a character of `PRINT` is missing."""
    try:
        font = load(path, _SIZE_PX)
        missing = bytes(font.getmask("\uffff"))
        drawn = {c: bytes(font.getmask(c)) for c in PRINT if c != " "}
    except OSError:
        return None
    if any(not any(mask) or mask == missing for mask in drawn.values()):
        return None
    return tuple(drawn[c] for c in "Ñaég5R")
