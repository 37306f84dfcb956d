"""What flows through the graph, in its order: URI → document → page → patch → card → row.

`Source`, `DeadLetter` and `Verdict` are small NamedTuples that may be shuffled. The others hold
bytes or pixels and never leave the process that made them: see `transforms/stage.py` for the coder
that makes sure of it.

Boxes are `x, y, w, h`; in `Line` and `Reading` they are 0..1 of the upright card, corners are px of
the original page. Images are RGB uint8 arrays of shape (height, width, 3).
"""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""
Points = NDArray[np.float64]
"""Shape (n, 2), x and y in px unless said otherwise."""


class Origin(NamedTuple):
    """Where an element came from: enough to write a dead letter or a row's provenance."""

    uri: str
    """As listed; of an inline image `manifest URI#row`."""
    request_id: str
    manifest_uri: str | None = None
    manifest_row: int | None = None
    """From 1, the heading of a CSV not counted."""
    detect_face: bool = False
    content_sha256: str | None = None
    """Once it was read; before that, if the manifest says so."""
    page: int | None = None
    """From 1; None while the document is not yet taken apart."""
    generation: str = ""
    """Which content the storage held: another one is another generation. Empty where unknown."""
    inline: bool = False
    """The manifest brought the document itself; `generation` is then a digest of it."""
    attempts: int = 1
    """How often the document has been tried, this time included."""
    copies: "tuple[Origin, ...]" = ()
    """Other documents of the same content: what becomes of this one becomes of them."""

    @property
    def document(self) -> str:
        """The key under which this run accounts for the document."""
        return self.uri if self.manifest_uri is None else f"{self.manifest_uri}#{self.manifest_row}"

    @property
    def identity(self) -> str:
        """The key under which later runs know the document again."""
        return self.generation if self.inline else self.uri

    def of_content(self, digest: str | None) -> "Origin":
        """The same once its content is known; its request gets an id if the manifest gave none."""
        own = self.request_id or request_id(self.uri, digest or "")
        return self._replace(content_sha256=digest, request_id=own)


def request_id(uri: str, content_sha256: str = "") -> str:
    """`TID` and 32 hex digits, the same for the same URI and content."""
    return "TID" + hashlib.sha256(f"{uri}\n{content_sha256}".encode()).hexdigest()[:32]


class Known(NamedTuple):
    """What a committed run says of a document that it met."""

    identity: str
    uri: str
    generation: str
    content_sha256: str | None
    run: str
    """That run's place among the others: a text that sorts as they were started."""
    cards: int
    status: str
    retryable: bool
    attempts: int


class Source(NamedTuple):
    """A document that was listed and not yet read."""

    origin: Origin
    image_base64: str | None = None
    """The document itself, where a manifest brought it along; else it is read from the URI."""
    size: int | None = None
    """In bytes, where the listing says."""


class DeadLetter(NamedTuple):
    """One document or page that gave no row, and why."""

    origin: Origin
    stage: str
    status: str
    http_status: int
    retryable: bool
    reason: str
    error: str
    """The exception's class name: what `Settle` decides by."""


class Verdict(NamedTuple):
    """What became of one listed document."""

    origin: Origin
    cards: int
    dead_letters: int
    blank_pages: int
    status: str
    """Of the gravest failure that stands; empty where none does."""
    retryable: bool
    """Trying again later may give more."""


class ProcessLocal:
    """Base of the elements that stay in the process that made them."""


@dataclass(frozen=True)
class Document(ProcessLocal):
    """A document's bytes, as stored."""

    origin: Origin
    content: bytes


@dataclass(frozen=True)
class Page(ProcessLocal):
    """One picture, upright as the camera said: an image file, or a drawn page of a PDF."""

    origin: Origin
    image: Image


@dataclass(frozen=True)
class Patch(ProcessLocal):
    """A quadrilateral of a page that may be a card, straightened; its turn is not yet known."""

    page: Page
    index: int
    """Its place on the page in reading order, from 0."""
    corners: Points
    """(4, 2) px of the page, clockwise; the first side is a long one."""
    image: Image
    larger: tuple[Points, ...] = ()
    """Corners of the page's larger patches: a card that two patches show a part of is theirs."""

    @property
    def origin(self) -> Origin:
        """The page's."""
        return self.page.origin


@dataclass(frozen=True)
class Line:
    """One line as an engine read it: text, box 0..1 of the upright card, confidences 0..1."""

    text: str
    x: float
    y: float
    w: float
    h: float
    confidences: tuple[float, ...]
    """Of each character."""

    @property
    def confidence(self) -> float:
        """That of its least sure character: one misread character makes a value wrong."""
        return min(self.confidences, default=0.0)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, w, h."""
        return self.x, self.y, self.w, self.h

    @property
    def right(self) -> float:
        """Right edge, 0..1 of the card's width."""
        return self.x + self.w

    @property
    def middle(self) -> float:
        """Vertical centre, 0..1 of the card's height."""
        return self.y + self.h / 2


@dataclass(frozen=True)
class Card(ProcessLocal):
    """A patch whose layout and turn are known."""

    origin: Origin
    index: int
    layout: str
    corners: Points
    """(4, 2) px of the page: top left, top right, bottom right, bottom left of the upright card."""
    image: Image
    """The upright card."""
    lines: tuple[Line, ...]
    """Everything that stands in a line, read as print."""


@dataclass(frozen=True)
class Reading(ProcessLocal):
    """Everything that was read on one card; no pixels from here on."""

    origin: Origin
    index: int
    layout: str
    corners: Points
    fields: dict[str, Line]
    """The text of each field that has one."""
    again: dict[str, Line]
    """What a second engine read of fields that the first was not sure of."""
    bare: frozenset[str]
    """Fields whose place on the card is empty: nothing is printed there."""
    unclear: frozenset[str]
    """Fields of which no place was found, or nothing legible at it."""
    mrz: tuple[tuple[Line, ...], ...]
    """The rows of the machine-readable zone, as each engine that was asked read them."""
    barcodes: tuple[str, ...]
    face: Points | None
    """(4, 2) px of the page, in the order of the upright face."""


@dataclass(frozen=True)
class CardRow:
    """A row of a card table."""

    origin: Origin
    table: str
    values: dict[str, object]
