"""Our own engine: small, quick, and taught to see and read the print of these cards alone.

`training/` makes its models; `training/README.md` is their model card.
"""

from collections.abc import Sequence
from importlib.resources import files

import cv2
import numpy as np
import onnxruntime

from pipeline.elements import Image
from pipeline.ocr import inference
from pipeline.ocr.recognition import Floats, Text

_LINE_HEIGHT_PX = 32
_STEP_PX = 4
_NARROWEST_PX, _WIDEST_PX = 16, 1024
_BATCH_WIDTH_PX = 16_384
"""A batch's total width; bounds the memory of the features."""


class CompactEngine:
    """The package's own detector and recogniser."""

    def __init__(self) -> None:
        self._detector, self._recogniser = _model("detector"), _model("recogniser")
        self._characters = self._recogniser.get_modelmeta().custom_metadata_map["characters"]

    def text_probability(self, image: Image) -> Floats:
        """See `recognition.Engine`; the network answers at half the picture's size."""
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
        half = inference.run(self._detector, _normalised(grey)[None, None])[0, 0]
        return cv2.resize(half, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)

    def read(self, images: Sequence[Image], alphabet: str) -> list[Text]:
        """See `recognition.Engine`: greedy CTC over the allowed characters."""
        allowed = [c for c in alphabet if c in self._characters]
        columns = [0, *(self._characters.index(c) + 1 for c in allowed)]
        lines = [_line(image) for image in images]
        texts: dict[int, Text] = {}
        for batch in inference.batches([line.shape[1] for line in lines], _BATCH_WIDTH_PX):
            width = -(-max(lines[i].shape[1] for i in batch) // _STEP_PX) * _STEP_PX
            stacked = np.zeros((len(batch), 1, _LINE_HEIGHT_PX, width), np.float32)
            for row, i in enumerate(batch):
                stacked[row, 0, :, : lines[i].shape[1]] = lines[i]
            scores = inference.run(self._recogniser, stacked)[:, :, columns]
            for i, line_scores in zip(batch, scores, strict=True):
                texts[i] = inference.best_path(line_scores, allowed, width / lines[i].shape[1])
        return [texts[i] for i in range(len(images))]


def _model(name: str) -> onnxruntime.InferenceSession:
    return inference.session(files("pipeline.ocr") / "models" / f"{name}.onnx")  # type: ignore[arg-type]


def _line(image: Image) -> Floats:
    """Grey, at the model's height."""
    height, width = image.shape[:2]
    scaled = int(np.clip(round(width * _LINE_HEIGHT_PX / height), _NARROWEST_PX, _WIDEST_PX))
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    line = inference.resized(grey, (scaled, _LINE_HEIGHT_PX)).astype(np.float32)
    return _normalised(line)


def _normalised(grey: Floats) -> Floats:
    normalised: Floats = (grey - grey.mean()) / (grey.std() + 1)
    return normalised
