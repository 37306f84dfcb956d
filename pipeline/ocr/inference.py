"""Running networks: sessions on one thread, batches of lines, and the best path of a CTC output."""

from collections.abc import Sequence
from functools import cache
from os import PathLike

import cv2
import numpy as np
import onnxruntime

from pipeline.elements import Image
from pipeline.ocr.recognition import Floats, Text


@cache
def session(path: str | PathLike[str]) -> onnxruntime.InferenceSession:
    """A model on one thread, loaded once a process: parallelism belongs to the runner."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(model: onnxruntime.InferenceSession, batch: Floats) -> Floats:
    """The first output for one input."""
    output: Floats = model.run(None, {model.get_inputs()[0].name: batch})[0]
    return output


def resized(image: Image, size: tuple[int, int]) -> Image:
    """The image at `size` (width, height) px, averaged where it shrinks."""
    shrinks = image.shape[0] > size[1]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def batches(widths: Sequence[int], most_px: int) -> list[list[int]]:
    """Indices grouped by like width, at most `most_px` wide in all: little of it is padding."""
    groups: list[list[int]] = []
    for i in sorted(range(len(widths)), key=widths.__getitem__):
        group = groups[-1] if groups else []
        narrow = group and widths[i] > widths[group[0]] * 1.25 + 16
        if not group or narrow or widths[i] * (len(group) + 1) > most_px:
            groups.append(group := [])
        group.append(i)
    return groups


def best_path(scores: Floats, characters: Sequence[str], stretch: float) -> Text:
    """Greedy CTC over (steps, 1 + characters) scores, the first class being CTC's blank.

    Repeats collapse; confidences are 0..1 a character, its share of the scores at its surest step.
    `stretch` is the width of the batch over the line's own, for where the characters stand.
    """
    best = scores.argmax(axis=1)
    confidence = scores.max(axis=1) / np.maximum(scores.sum(axis=1), 1e-9)
    starts = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    ends = np.flatnonzero((best != 0) & (best != np.concatenate([best[1:], [0]])))
    sure = [float(confidence[a : b + 1].max()) for a, b in zip(starts, ends, strict=True)]
    return Text(
        "".join(characters[i - 1] for i in best[starts]),
        tuple(sure),
        tuple((((starts + ends) / 2 + 0.5) / len(best) * stretch).tolist()),
    )
