"""The one interface to text recognition: pictures in, places of text and texts out.

`engines.py` names the engines that have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.elements import Image

Floats = NDArray[np.float32]

PRINT = (
    " ABCDEFGHIJKLMNOPQRSTUVWXYZÑÁÉÍÓÚÜabcdefghijklmnopqrstuvwxyzñáéíóúü0123456789/-.,:;°º'()&#+"
)
"""What these cards print outside their machine-readable zone."""
MRZ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
"""The characters of a machine-readable zone (ICAO 9303-3, section 4.3)."""
PRINT_OR_MRZ = PRINT + "<"
"""For a line of which it is not known yet which of the two it is."""
STRIDE_PX = 32
"""Text is looked for in pictures both of whose sides are multiples of this."""


@dataclass(frozen=True)
class Text:
    """One line as read, with a confidence 0..1 for each character."""

    text: str
    confidences: tuple[float, ...]
    centres: tuple[float, ...]
    """Where each character stands, 0..1 of the line image's width."""


class Engine(Protocol):
    """Sees where text is, and reads single lines of it."""

    def text_probability(self, image: Image) -> Floats:
        """Probability 0..1 of the core of a line at each pixel of a picture."""

    def read(self, images: Sequence[Image], alphabet: str) -> list[Text]:
        """Read one upright line an image, allowing the characters of `alphabet` alone."""
