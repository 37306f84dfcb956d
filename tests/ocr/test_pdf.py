"""Pages are drawn, and what cannot be is refused with a reason."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from pipeline.errors import InvalidArgument
from pipeline.ocr import pdf
from pipeline.settings import Settings


def pages(*sizes: tuple[int, int]) -> bytes:
    """A PDF with pages of these sizes in px at 200 dpi."""
    first, *rest = (Image.new("RGB", size, "white") for size in sizes)
    buffer = io.BytesIO()
    first.save(buffer, "PDF", resolution=200, save_all=True, append_images=rest)
    return buffer.getvalue()


def test_every_page_is_drawn_in_its_own_size(configuration: Settings) -> None:
    content, limits = pages((1000, 640), (400, 600)), configuration.limits
    sizes = pdf.page_sizes(content, limits)
    drawn = [pdf.render(content, limits, n, size).shape for n, size in enumerate(sizes, 1)]
    assert drawn == [(640, 1000, 3), (600, 400, 3)]


def test_what_cannot_be_drawn_is_refused(configuration: Settings) -> None:
    limits = configuration.limits
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pages((400, 400)))))
    writer.encrypt("secret", algorithm="RC4-128")
    encrypted = io.BytesIO()
    writer.write(encrypted)
    many = pages(*[(200, 200)] * (limits.pdf_pages + 1))
    for content, reason in (
        (b"%PDF-1.4 nothing", "corrupt"),
        (encrypted.getvalue(), "encrypted"),
        (many, f"{limits.pdf_pages + 1} pages; the limit is {limits.pdf_pages}"),
    ):
        with pytest.raises(InvalidArgument, match=reason):
            pdf.page_sizes(content, limits)
    with pytest.raises(InvalidArgument, match="between 128 and 6000 px"):
        pdf.render(pages((7000, 300)), limits, 1, (7000, 300))
