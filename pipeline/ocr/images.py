"""An image file's bytes to pixels, its limits checked before memory is spent."""

import io

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError
from pydantic import BaseModel, ConfigDict

from pipeline.elements import Image
from pipeline.errors import InvalidArgument

_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"%PDF-": "PDF"}
_PDF_HEADER_WITHIN = 1024
"""Readers of PDF accept junk before the header, up to this many bytes (ISO 32000-1, annex H)."""


class Limits(BaseModel):
    """What an input may be before it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_bytes: int
    min_side_px: int
    max_side_px: int
    pdf_pages: int
    pdf_dpi: int
    pdf_seconds: int
    document_seconds: int


def content_type(content: bytes) -> str:
    """`JPEG`, `PNG` or `PDF`, by the file's first bytes and never by its name.

    Raises InvalidArgument for anything else.
    """
    if not content:
        raise InvalidArgument("file is empty; send it again")
    for signature, name in _SIGNATURES.items():
        if content.startswith(signature):
            return name
    if b"%PDF-" in content[:_PDF_HEADER_WITHIN]:
        return "PDF"
    raise InvalidArgument("not a JPEG, PNG or PDF by its content; convert it to one of these")


def check_size(width: int, height: int, limits: Limits, what: str = "image") -> None:
    """Raise InvalidArgument unless both sides, in px, are within the limits."""
    low, high = limits.min_side_px, limits.max_side_px
    if not (low <= width <= high and low <= height <= high):
        raise InvalidArgument(
            f"{what} is {width} × {height} px; both sides must be between {low} and {high} px"
        )


def decode(content: bytes, limits: Limits) -> Image:
    """Decode a JPEG or PNG to upright RGB, EXIF orientation honoured, transparency on white.

    Raises InvalidArgument when the file is corrupt, truncated or outside the limits.
    """
    try:
        with Pillow.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            check_size(*picture.size, limits)
            ImageOps.exif_transpose(picture, in_place=True)
            return np.asarray(_rgb(picture))
    except UnidentifiedImageError:
        raise InvalidArgument("image header is corrupt; scan or export it again") from None
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError):
        raise InvalidArgument("image is corrupt or truncated; scan or export it again") from None


def _rgb(picture: Pillow.Image) -> Pillow.Image:
    """Eight-bit RGB of any mode."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = Pillow.fromarray((np.asarray(picture, np.uint32) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Pillow.new("RGBA", picture.size, "white")
        picture = Pillow.alpha_composite(paper, picture)
    return picture if picture.mode == "RGB" else picture.convert("RGB")
