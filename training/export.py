"""Writes a trained network into the package, as ONNX."""

from pathlib import Path

import onnx
import torch
from torch import nn

_MODELS = Path(__file__).parent.parent / "pipeline" / "ocr" / "models"


def export(
    network: nn.Module, name: str, example: torch.Tensor, free: dict[int, str], **metadata: str
) -> Path:
    """Write `name`.onnx: one input like `example`, one output; `free` are its open dimensions."""
    path = _MODELS / f"{name}.onnx"
    torch.onnx.export(
        network.eval(),
        (example,),
        str(path),
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": free},
        external_data=False,
        dynamo=False,
        opset_version=17,
    )
    model = onnx.load(str(path))
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, str(path))
    return path
