"""PP-OCRv6 small on ONNX Runtime: line recognition, text detection and line turn.

The models are those inside the `rapidocr` package (Apache-2.0). They are run here directly, because
its own wrapper neither restricts the alphabet nor gives a confidence for each character.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pipeline.elements import Image
from pipeline.ocr.recognition import Text

_LINE_HEIGHT_PX = 48
_BATCH_WIDTH_PX = 4800
"""A batch's total width; bounds the memory of the recogniser's 18,710 scores a step."""
_TURN_SIZE_PX = (192, 48)

Floats = NDArray[np.float32]


@cache
def session(model: str) -> onnxruntime.InferenceSession:
    """A model of the package on one thread: parallelism belongs to the runner."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    path = files("rapidocr") / "models" / model
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class PaddleRecogniser:
    """Reads lines with the recognition model, greedy CTC over the allowed characters."""

    def __init__(self) -> None:
        self._session = session("PP-OCRv6_rec_small.onnx")
        characters = self._session.get_modelmeta().custom_metadata_map["character"]
        self._classes = {c: i for i, c in enumerate(["", *characters.split("\n"), " "])}

    def read(self, images: Sequence[Image], alphabet: str) -> list[Text]:
        """Read one upright line an image; see `engines.Recogniser`."""
        allowed = [c for c in alphabet if c in self._classes]
        columns = [0, *(self._classes[c] for c in allowed)]
        texts: dict[int, Text] = {}
        for batch in _batches([_scaled_width(image) for image in images]):
            width = max(_scaled_width(images[i]) for i in batch)
            scores = _run(self._session, np.stack([_line(images[i], width) for i in batch]))
            for i, line_scores in zip(batch, scores[:, :, columns], strict=True):
                texts[i] = _decode(line_scores, allowed, width / _scaled_width(images[i]))
        return [texts[i] for i in range(len(images))]


def text_probability(image: Image) -> Floats:
    """Probability 0..1 of text at each pixel; both sides of the image are multiples of 32 px."""
    return _run(session("PP-OCRv6_det_small.onnx"), _normalised(image)[None])[0, 0]


def upside_down(images: Sequence[Image]) -> Floats:
    """For each line image the probability 0..1 that it stands on its head."""
    lines = np.stack([_normalised(cv2.resize(image, _TURN_SIZE_PX)) for image in images])
    return _run(session("ch_ppocr_mobile_v2.0_cls_mobile.onnx"), lines)[:, 1]


def _run(model: onnxruntime.InferenceSession, batch: Floats) -> Floats:
    output: Floats = model.run(None, {model.get_inputs()[0].name: batch})[0]
    return output


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


def _batches(widths: list[int]) -> list[list[int]]:
    """Indices grouped by like width, so that little of a batch is padding."""
    groups: list[list[int]] = []
    for i in sorted(range(len(widths)), key=widths.__getitem__):
        group = groups[-1] if groups else []
        narrow = group and widths[i] > widths[group[0]] * 1.25 + 16
        if not group or narrow or widths[i] * (len(group) + 1) > _BATCH_WIDTH_PX:
            groups.append(group := [])
        group.append(i)
    return groups


def _decode(scores: Floats, characters: list[str], stretch: float) -> Text:
    """Greedy CTC: repeats collapse, the first class is the blank; confidences 0..1 a character.

    `stretch` is the width of the batch over the line's own, for where the characters stand.
    """
    best = scores.argmax(axis=1)
    confidence = scores.max(axis=1) / np.maximum(scores.sum(axis=1), 1e-9)
    starts = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    return Text(
        "".join(characters[i - 1] for i in best[starts]),
        tuple(confidence[starts].tolist()),
        tuple(((starts + 0.5) / len(best) * stretch).tolist()),
    )
