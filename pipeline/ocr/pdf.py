"""A PDF's pages to pixels, by poppler in a child process with a time-out."""

import re

import numpy as np
from pdf2image import convert_from_bytes, pdfinfo_from_bytes
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
)

from pipeline.elements import Image
from pipeline.errors import InternalError, InvalidArgument
from pipeline.ocr.images import Limits, check_size

_POINTS_PER_INCH = 72
_SIZE = re.compile(r"([\d.]+) x ([\d.]+) pts")


def page_sizes(content: bytes, limits: Limits) -> list[tuple[int, int]]:
    """Width and height of every page in px at `limits.pdf_dpi`, without drawing any.

    Raises InvalidArgument for a file that is corrupt, encrypted, or has too many pages.
    """
    try:
        info = pdfinfo_from_bytes(
            content, first_page=1, last_page=limits.pdf_pages, timeout=limits.pdf_seconds
        )
    except PDFInfoNotInstalledError:
        raise InternalError("poppler is missing on this worker; install poppler-utils") from None
    except PDFPopplerTimeoutError:
        raise _too_slow(limits) from None
    except PDFPageCountError as error:
        if "password" in str(error).lower():
            raise InvalidArgument("PDF is encrypted; send it without a password") from None
        raise InvalidArgument("PDF is corrupt; print it to a new PDF") from None
    if info["Pages"] > limits.pdf_pages:
        raise InvalidArgument(f"PDF has {info['Pages']} pages; the limit is {limits.pdf_pages}")
    sizes = [_SIZE.search(value) for key, value in info.items() if re.fullmatch(r"Page.*size", key)]
    if not sizes or None in sizes:
        raise InvalidArgument("PDF has no pages; print it to a new PDF")
    scale = limits.pdf_dpi / _POINTS_PER_INCH
    return [(round(float(m[1]) * scale), round(float(m[2]) * scale)) for m in sizes if m]


def render(content: bytes, limits: Limits, page: int, size: tuple[int, int]) -> Image:
    """Draw one page, numbered from 1, whose size `page_sizes` gave; raises InvalidArgument."""
    check_size(*size, limits, f"page at {limits.pdf_dpi} dpi")
    try:
        pictures = convert_from_bytes(
            content,
            dpi=limits.pdf_dpi,
            first_page=page,
            last_page=page,
            timeout=limits.pdf_seconds,
        )
    except PDFPopplerTimeoutError:
        raise _too_slow(limits) from None
    if not pictures:
        raise InvalidArgument("page cannot be drawn; print it to a new PDF")
    return np.asarray(pictures[0].convert("RGB"))


def _too_slow(limits: Limits) -> InvalidArgument:
    return InvalidArgument(
        f"PDF takes longer than {limits.pdf_seconds} s to draw; print it to a new PDF"
    )
