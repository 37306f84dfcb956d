"""The network: a small U-shaped one that gives each pixel its probability of being text."""

import torch
from torch import Tensor, nn

_WIDTHS = (12, 24, 48, 64, 64)
"""Features at 1/2, 1/4, 1/8, 1/16 and 1/32 of the picture."""


class Detector(nn.Module):
    """Normalised grey pictures in, one score a pixel of half their size out."""

    def __init__(self) -> None:
        super().__init__()
        first, *deeper = _WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 3, 2, 1, bias=False), nn.BatchNorm2d(first), nn.ReLU()
        )
        self.down = nn.ModuleList(
            nn.Sequential(_Separable(inputs, outputs, 2), _Separable(outputs, outputs))
            for inputs, outputs in zip(_WIDTHS, deeper, strict=False)
        )
        self.up = nn.ModuleList(
            nn.Sequential(nn.Conv2d(below, at, 1, bias=False), nn.BatchNorm2d(at), nn.ReLU())
            for below, at in zip(_WIDTHS[:1:-1], _WIDTHS[-2:0:-1], strict=True)
        )
        self.mix = nn.ModuleList(_Separable(at, at) for at in _WIDTHS[-2:0:-1])
        self.head = nn.Sequential(nn.Conv2d(_WIDTHS[1], 4, 3, padding=1), nn.PixelShuffle(2))

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, 1, height, width) → (n, 1, height / 2, width / 2) scores before the sigmoid."""
        x = self.stem(pictures)
        levels = []
        for down in self.down:
            x = down(x)
            levels.append(x)
        for up, mix, beside in zip(self.up, self.mix, levels[-2::-1], strict=True):
            x = nn.functional.interpolate(up(x), scale_factor=2.0, mode="nearest")
            x = mix(x + beside)
        scores: Tensor = self.head(x)
        return scores


class _Separable(nn.Module):
    """Depthwise, then pointwise convolution; a residual where the shape stays."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        )
        self.residual = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x)
        return x + y if self.residual else y


class Probabilities(nn.Module):
    """The network with its sigmoid: what the pipeline asks for."""

    def __init__(self, network: Detector) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, 1, height, width) → (n, 1, height / 2, width / 2), each 0..1."""
        return torch.sigmoid(self.network(pictures))
