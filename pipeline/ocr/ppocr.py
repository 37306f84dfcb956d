"""PP-OCRv6 small on ONNX Runtime: text detection and line recognition.

The models are those inside the `rapidocr` package (Apache-2.0). They are run here directly, because
its own wrapper neither restricts the alphabet nor gives a confidence for each character.
"""

from collections.abc import Sequence
from importlib.resources import files

import cv2
import numpy as np
import onnxruntime

from pipeline.elements import Image
from pipeline.ocr import blanks, inference
from pipeline.ocr.recognition import Floats, Text

_LINE_HEIGHT_PX = 48
_BATCH_WIDTH_PX = 4800
"""A batch's total width; bounds the memory of the recogniser's 18,710 scores a step."""


def _model(name: str) -> onnxruntime.InferenceSession:
    return inference.session(files("rapidocr") / "models" / name)  # type: ignore[arg-type]


class PaddleEngine:
    """Thirty times as slow as our own, and taught on print of all kinds and languages."""

    def __init__(self) -> None:
        self._detector = _model("PP-OCRv6_det_small.onnx")
        self._recogniser = _model("PP-OCRv6_rec_small.onnx")
        characters = self._recogniser.get_modelmeta().custom_metadata_map["character"]
        self._classes = {c: i for i, c in enumerate(["", *characters.split("\n"), " "])}

    def text_probability(self, image: Image) -> Floats:
        """See `recognition.Engine`."""
        return inference.run(self._detector, _normalised(image)[None])[0, 0]

    def read(self, images: Sequence[Image], alphabet: str) -> list[Text]:
        """See `recognition.Engine`: greedy CTC over the allowed characters."""
        allowed = [c for c in alphabet if c in self._classes]
        columns = [0, *(self._classes[c] for c in allowed)]
        texts: dict[int, Text] = {}
        for batch in inference.batches([_scaled_width(i) for i in images], _BATCH_WIDTH_PX):
            width = max(_scaled_width(images[i]) for i in batch)
            lines = np.stack([_line(images[i], width) for i in batch])
            scores = inference.run(self._recogniser, lines)[:, :, columns]
            for i, line_scores in zip(batch, scores, strict=True):
                stretch = width / _scaled_width(images[i])
                text = inference.best_path(line_scores, allowed, stretch)
                texts[i] = blanks.restored(images[i], text) if " " in alphabet else text
        return [texts[i] for i in range(len(images))]


def _normalised(image: Image) -> Floats:
    """(3, height, width) in -1..1, channels as BGR: what the models were trained on."""
    return np.ascontiguousarray(image[:, :, ::-1].transpose(2, 0, 1), np.float32) / 127.5 - 1


def _scaled_width(image: Image) -> int:
    height, width = image.shape[:2]
    return max(16, round(width * _LINE_HEIGHT_PX / height))


def _line(image: Image, width: int) -> Floats:
    """The line at model height, padded with mid-grey to the batch's width."""
    padded = np.zeros((3, _LINE_HEIGHT_PX, width), np.float32)
    own = _scaled_width(image)
    padded[:, :, :own] = _normalised(cv2.resize(image, (own, _LINE_HEIGHT_PX)))
    return padded
