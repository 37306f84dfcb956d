"""The network: a small convolutional CTC recogniser.

Depthwise-separable convolutions shrink a line of 32 px to one row of features, one every 4 px; wide
convolutions along the row show each the letters around it. Each gives two steps of output, for 4 px
are too wide for two slim letters and the blank that CTC needs between equal ones.
"""

import torch
from torch import Tensor, nn

from pipeline.ocr.recognition import MRZ, PRINT

CHARACTERS = "".join(dict.fromkeys(PRINT + MRZ))
"""Class 0 is the CTC blank; class i + 1 is the i-th of these."""
STEP_PX = 2
"""Width of a step of output, px of the line picture."""
WIDTH_MULTIPLE_PX = 4
"""Pictures are padded to a multiple of this."""
_STEPS = WIDTH_MULTIPLE_PX // STEP_PX
_FEATURES = 192
_CONTEXT_BLOCKS = 6


class Recogniser(nn.Module):
    """Line pictures in, a score for each character at each step out."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = nn.Sequential(
            nn.Conv2d(1, 24, 3, 2, 1, bias=False),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            _Separable(24, 32),
            _Separable(32, 64, stride=(2, 2)),
            _Separable(64, 64),
            _Separable(64, 64),
            _Separable(64, 96, stride=(2, 1)),
            _Separable(96, 96),
            _Separable(96, 96),
        )
        self.row = nn.Sequential(
            nn.Conv2d(96, _FEATURES, (4, 1), bias=False), nn.BatchNorm2d(_FEATURES), nn.ReLU()
        )
        self.context = nn.Sequential(*(_Context(_FEATURES) for _ in range(_CONTEXT_BLOCKS)))
        self.head = nn.Conv2d(_FEATURES, _STEPS * (len(CHARACTERS) + 1), 1)

    def forward(self, lines: Tensor) -> Tensor:
        """(n, 1, 32, width) normalised lines → (n, width / 2, classes) scores before softmax."""
        features: Tensor = self.head(self.context(self.row(self.picture(lines))))
        return features.squeeze(2).transpose(1, 2).unflatten(2, (_STEPS, -1)).flatten(1, 2)


class Probabilities(nn.Module):
    """The network with its softmax: what the pipeline asks for."""

    def __init__(self, network: Recogniser) -> None:
        super().__init__()
        self.network = network

    def forward(self, lines: Tensor) -> Tensor:
        """(n, 1, 32, width) normalised lines → (n, width / 2, classes), each 0..1."""
        return torch.softmax(self.network(lines), dim=2)


class _Separable(nn.Module):
    """Depthwise, then pointwise convolution; a residual where the shape stays."""

    def __init__(self, inputs: int, outputs: int, stride: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        )
        self.residual = inputs == outputs and stride == (1, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x)
        return x + y if self.residual else y


class _Context(nn.Module):
    """Mixes each step with three on either side."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(features, features, (1, 7), 1, (0, 3), groups=features, bias=False),
            nn.BatchNorm2d(features),
            nn.Conv2d(features, features, 1, bias=False),
            nn.BatchNorm2d(features),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.layers(x)
        return y


def normalised(pictures: Tensor) -> Tensor:
    """(n, 32, width) grey 0..255 of one line each → (n, 1, 32, width) of mean 0, deviation 1."""
    mean = pictures.mean(dim=(1, 2), keepdim=True)
    deviation = pictures.std(dim=(1, 2), keepdim=True, correction=0)
    return ((pictures - mean) / (deviation + 1)).unsqueeze(1)


@torch.no_grad()
def greedy(scores: Tensor) -> list[str]:
    """The best path of each line, repeats and blanks dropped."""
    best = scores.argmax(dim=2)
    texts = []
    for steps in best.tolist():
        kept = [s for i, s in enumerate(steps) if s and (i == 0 or s != steps[i - 1])]
        texts.append("".join(CHARACTERS[s - 1] for s in kept))
    return texts
