"""The engines of text recognition by name, each loaded once a process."""

from collections.abc import Callable
from functools import cache

from pipeline.ocr.compact import CompactEngine
from pipeline.ocr.ppocr import PaddleEngine
from pipeline.ocr.recognition import Engine

_ENGINES: dict[str, Callable[[], Engine]] = {"compact": CompactEngine, "ppocr": PaddleEngine}
NAMES = tuple(_ENGINES)
"""What a configuration may choose."""


@cache
def engine(name: str) -> Engine:
    """The engine of that name. Raises KeyError for an unknown name."""
    return _ENGINES[name]()
