"""Makes stages of this process fail as the name of a document says: `ocr-segfault.jpg`.

Imported by every Python process that finds `SITE` on its path, those of workers among them.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.transforms.decode import Decode
from pipeline.transforms.detect import Detect
from pipeline.transforms.ocr import Ocr
from pipeline.transforms.stage import Stage

SITE = {"sitecustomize.py": "import tests.faults\n"}
"""A file, by its name, that Python imports when it starts."""


def segfault() -> None:
    ctypes.string_at(0)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hungry() -> None:
    bytearray(20 * 1024**3)


def endless() -> None:
    while True:
        time.sleep(1)


FAULTS = {fault.__name__: fault for fault in (segfault, killed, hungry, endless)}
STAGES: dict[str, type[Stage]] = {stage.name: stage for stage in (Decode, Detect, Ocr)}


def failing(each: Callable[..., Iterator[Any]], stage: str) -> Callable[..., Iterator[Any]]:
    def run(self: Stage, element: Any) -> Iterator[Any]:
        where, _, fault = Path(element.origin.uri).stem.partition("-")
        if where == stage:
            FAULTS[fault]()
        yield from each(self, element)

    return run


for name, kind in STAGES.items():
    kind.each = failing(kind.each, name)  # type: ignore[method-assign]
