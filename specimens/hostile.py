"""Files as strangers send them: bombs, broken ones, and what formats allow but nobody expects.

Each is made from the picture of an invented card, so that what can be read gives that card's row.
"""

import io
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageCms
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, Fit, NameObject, TextStringObject

ROW = "row"
"""The outcome of a file that shows its card."""
REFUSED = "INVALID_ARGUMENT"
NO_CARD = "DETECTION_FAILED"


class Case(NamedTuple):
    """A file, and what may become of it: `ROW`, or codes of the contract."""

    name: str
    content: bytes
    outcomes: frozenset[str]


def cases(card: Image.Image) -> Iterator[Case]:
    """Every case; `card` is the picture of a card, upright, RGB, 600 px wide or more."""
    for family in (_whole, _cut, _turned, _bombs, _polyglots, _documents, _broken_documents):
        for name, content, *outcomes in family(card):
            yield Case(name, content, frozenset(outcomes))


Cases = Iterator[tuple[str, bytes, *tuple[str, ...]]]


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """A picture as a file."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def _whole(card: Image.Image) -> Cases:
    """What formats allow."""
    grey = card.convert("L")
    deep = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "progressive.jpg", saved(card, "JPEG", quality=92, progressive=True), ROW
    yield "cmyk.jpg", saved(card.convert("CMYK"), "JPEG", quality=92), ROW
    yield "grey.jpg", saved(grey, "JPEG", quality=92), ROW
    yield "16-bit.png", saved(deep, "PNG"), ROW
    yield "palette.png", saved(card.quantize(64), "PNG"), ROW, NO_CARD
    yield "one-bit.png", saved(card.convert("1"), "PNG"), ROW, NO_CARD
    still = {"save_all": True, "append_images": [card.rotate(180)], "duration": 100}
    yield "animated.png", saved(card, "PNG", **still), ROW
    yield "profile.jpg", saved(card, "JPEG", quality=92, icc_profile=srgb), ROW
    yield "broken-profile.jpg", saved(card, "JPEG", quality=92, icc_profile=b"\0" * 500), ROW
    yield (
        "broken-exif.jpg",
        saved(card, "JPEG", quality=92, exif=b"Exif\0\0MM\0*" + b"\xff" * 60),
        ROW,
    )
    yield "wrong-extension.txt", saved(card, "PNG"), ROW
    yield "text.jpg", b"this is no picture", REFUSED
    yield "animation.gif", saved(card, "GIF"), REFUSED
    yield "program.png", b"\x7fELF" + bytes(500), REFUSED
    yield "empty.jpg", b"", REFUSED


def _cut(card: Image.Image) -> Cases:
    """Cut off at each tenth; a PDF may still show its page."""
    forms = {"jpg": saved(card, "JPEG"), "png": saved(card, "PNG"), "pdf": saved(card, "PDF")}
    for suffix, whole in forms.items():
        for tenth in range(1, 10):
            part = whole[: len(whole) * tenth // 10]
            repaired = (ROW, NO_CARD) if suffix == "pdf" else ()
            yield f"cut-{tenth}.{suffix}", part, REFUSED, *repaired


def _turned(card: Image.Image) -> Cases:
    """EXIF says how the camera was held."""
    methods = Image.Transpose
    undo = [
        None,
        methods.FLIP_LEFT_RIGHT,
        methods.ROTATE_180,
        methods.FLIP_TOP_BOTTOM,
        methods.TRANSPOSE,
        methods.ROTATE_90,
        methods.TRANSVERSE,
        methods.ROTATE_270,
    ]
    for orientation, method in enumerate(undo, 1):
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = card if method is None else card.transpose(method)
        yield f"exif-{orientation}.jpg", saved(stored, "JPEG", quality=92, exif=exif), ROW


def _bombs(card: Image.Image) -> Cases:
    """Small files that would take all memory, or all time."""
    yield "wide.png", saved(Image.new("1", (100_000, 1)), "PNG"), REFUSED
    yield "high.jpg", saved(Image.new("L", (1, 65_000)), "JPEG"), REFUSED
    yield "bomb.png", saved(Image.new("1", (30_000, 30_000)), "PNG"), REFUSED
    yield "bomb.jpg", saved(Image.new("L", (20_000, 20_000)), "JPEG"), REFUSED
    yield "largest.png", saved(Image.new("RGB", (6_000, 6_000), "white"), "PNG"), NO_CARD
    noise = np.random.default_rng(1).integers(0, 256, (6_000, 6_000), np.uint8)
    yield "busy.jpg", saved(Image.fromarray(noise), "JPEG", quality=1), NO_CARD, REFUSED
    text = zlib.compress(bytes(200 * 1024 * 1024), 9)
    chunk = b"zTXt" + b"Comment\0\0" + text
    length, check = len(chunk) - 4, zlib.crc32(chunk)
    bomb = length.to_bytes(4, "big") + chunk + check.to_bytes(4, "big")
    plain = saved(card, "PNG")
    yield "text-bomb.png", plain[:33] + bomb + plain[33:], ROW, REFUSED
    yield "too-large.jpg", saved(card, "JPEG") + bytes(6 * 1024 * 1024), REFUSED


def _polyglots(card: Image.Image) -> Cases:
    """One file that several programs take for theirs; what it begins with counts."""
    picture, document = saved(card, "JPEG", quality=92), saved(card, "PDF", quality=92)
    yield "jpeg-then-pdf.jpg", picture + document, ROW
    yield "pdf-then-jpeg.pdf", document + picture, ROW
    yield "junk-then-pdf.pdf", b"\r\n" * 100 + document, ROW
    yield "script-then-pdf.pdf", b"<script>alert(1)</script>\n" + document, ROW
    yield "zip-behind.png", saved(card, "PNG") + b"PK\3\4" + bytes(200), ROW


def _documents(card: Image.Image) -> Cases:
    """PDFs that carry more than a page."""
    yield "javascript.pdf", _written(card, _endless_script), ROW
    yield "attachment.pdf", _written(card, lambda w: w.add_attachment("x.exe", bytes(999))), ROW
    outside = Link(rect=(0, 0, 50, 50), url="file:///etc/passwd", fit=Fit.fit())
    yield "link.pdf", _written(card, lambda w: w.add_annotation(0, outside)), ROW
    secret = _written(card, lambda w: w.encrypt("secret", algorithm="RC4-128"))
    yield "encrypted.pdf", secret, REFUSED
    # an owner's password alone keeps nobody from reading
    owned = _written(card, lambda w: w.encrypt("", "owner", algorithm="RC4-128"))
    yield "owner-password.pdf", owned, ROW


def _endless_script(writer: PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("while (true) {}")}
    entries = {NameObject(key): value for key, value in action.items()}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(entries)


def _written(card: Image.Image, change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(saved(card, "PDF", quality=92))))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _broken_documents(_: Image.Image) -> Cases:
    """PDFs that nobody should draw."""
    yield "header-alone.pdf", b"%PDF-1.7\n", REFUSED
    yield "no-pages.pdf", _pdf(b"<< /Type /Pages /Kids [] /Count 0 >>"), REFUSED
    yield "many-pages.pdf", _pages(10_000), REFUSED
    # 5 m by 5 m
    yield "wide-page.pdf", _page(b"[0 0 14173 14173]"), REFUSED
    yield "endless-page.pdf", _page(b"[0 0 1e30 1e30]"), REFUSED, NO_CARD
    yield "no-size.pdf", _page(b"[0 0 0 0]"), REFUSED, NO_CARD
    nested = b"[" * 100_000 + b"]" * 100_000
    yield "nested.pdf", _page(b"[0 0 400 260]", nested), REFUSED, NO_CARD
    yield "own-parent.pdf", _pdf(b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), REFUSED, NO_CARD
    lines = b"0 0 m 400 260 l S 400 0 m 0 260 l S\n" * 3_000_000
    yield "slow-page.pdf", _page(b"[0 0 400 260]", b"null", lines), REFUSED, NO_CARD
    hungry = b"/Im Do " * 10
    yield "bomb.pdf", _page(b"[0 0 400 260]", b"null", hungry, 15_000), REFUSED, NO_CARD


def _page(box: bytes, extra: bytes = b"null", drawn: bytes = b"", side: int = 1) -> bytes:
    """One page: its box in points, something more, what it draws, and an image's side in px."""
    return _pdf(
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /Im 5 0 R >> >> "
        b"/MediaBox " + box + b" /Extra " + extra + b" >>",
        _stream(b"/Length1 0", drawn),
        _stream(
            b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 "
            b"/Width %d /Height %d" % (side, side),
            bytes(side * side),
        ),
    )


def _pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 260] >>"
    return _pdf(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), *[page] * count)


def _stream(entries: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    head = b"<< /Filter /FlateDecode /Length %d %s >>" % (len(packed), entries)
    return head + b"\nstream\n" + packed + b"\nendstream"


def _pdf(*objects: bytes) -> bytes:
    """Objects numbered from 2, behind a catalogue; the first is its pages."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate((b"<< /Type /Catalog /Pages 2 0 R >>", *objects), 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + head + table + tail
