"""The one interface to text recognition: line images in, text and confidence out.

`engines.py` names the engines that have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.elements import Image

PRINT = (
    " ABCDEFGHIJKLMNOPQRSTUVWXYZÑÁÉÍÓÚÜabcdefghijklmnopqrstuvwxyzñáéíóúü0123456789/-.,:;°º'()&#+"
)
"""What these cards print outside their machine-readable zone."""
MRZ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
"""The characters of a machine-readable zone (ICAO 9303-3, section 4.3)."""


@dataclass(frozen=True)
class Text:
    """One line as read, with a confidence 0..1 for each character."""

    text: str
    confidences: tuple[float, ...]
    centres: tuple[float, ...]
    """Where each character stands, 0..1 of the line image's width."""

    @property
    def confidence(self) -> float:
        """The mean over its characters, 0..1; 0 where nothing was read."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0


class Recogniser(Protocol):
    """Reads single lines of text."""

    def read(self, images: Sequence[Image], alphabet: str) -> list[Text]:
        """Read one upright line an image, allowing the characters of `alphabet` alone."""
