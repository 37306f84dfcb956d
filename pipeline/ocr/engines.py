"""The engines of text recognition by name, each loaded once a process."""

from functools import cache

from pipeline.ocr.ppocr import PaddleRecogniser
from pipeline.ocr.recognition import Recogniser

_ENGINES = {"ppocr": PaddleRecogniser}
NAMES = tuple(_ENGINES)
"""What a configuration may choose."""


@cache
def recogniser(name: str) -> Recogniser:
    """The engine of that name. Raises KeyError for an unknown name."""
    return _ENGINES[name]()
