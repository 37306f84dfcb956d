"""`python -m training.detector`: draw pages, train the detector of text, write it into the package.

An hour on two cores.
"""

import argparse
import itertools
import random
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.detector.network import Detector, Probabilities
from training.detector.pages import Example, examples
from training.export import export

_CROP_PX = 384
_BATCH = 8
_PEAK_RATE = 4e-3
_CHECKED = 40
"""Pages kept back to watch the training by."""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.detector", description=__doc__)
    parser.add_argument("--pages", type=int, default=1200, help="pages to draw")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="processes that draw")
    parser.add_argument("--checkpoint", type=Path, default=Path("detector.pt"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    known = parser.parse_args()
    torch.manual_seed(known.seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    with ProcessPoolExecutor(known.processes) as pool:
        seeds = range(known.seed << 20, (known.seed << 20) + known.pages + _CHECKED)
        drawn = list(pool.map(examples, seeds, chunksize=8))
    learnt = list(itertools.chain.from_iterable(drawn[_CHECKED:]))
    held_back = list(itertools.chain.from_iterable(drawn[:_CHECKED]))
    print(f"{len(learnt)} pictures drawn", flush=True)
    network = Detector().to(memory_format=torch.channels_last)
    if known.resume:
        network.load_state_dict(torch.load(known.checkpoint, weights_only=True))
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _PEAK_RATE, total_steps=known.steps, pct_start=0.1
    )
    rng, started, losses = random.Random(known.seed), time.monotonic(), []
    for step in range(1, known.steps + 1):
        losses.append(
            _learn(network, optimiser, [_crop(rng.choice(learnt), rng) for _ in range(_BATCH)])
        )
        rate.step()
        if step % 250 == 0:
            torch.save(network.state_dict(), known.checkpoint)
            print(
                f"{step} steps, {time.monotonic() - started:.0f} s: loss {np.mean(losses):.4f}, "
                f"shares its teacher's text: {check(network, held_back):.3f}",
                flush=True,
            )
            losses = []
    export(
        Probabilities(network), "detector", torch.zeros(1, 1, 320, 512), {2: "height", 3: "width"}
    )


@torch.no_grad()
def check(network: Detector, held_back: list[Example]) -> float:
    """Intersection over union of what learner and teacher mark as text."""
    network.eval()
    both = either = 0
    for example in held_back:
        marked = network(normalised(example.picture[None]))[0, 0].numpy() > 0
        taught = example.text > 127
        both += int((marked & taught).sum())
        either += int((marked | taught).sum())
    network.train()
    return both / max(either, 1)


def normalised(pictures: NDArray[np.uint8]) -> Tensor:
    """(n, height, width) grey 0..255 → (n, 1, height, width) of mean 0, deviation 1."""
    grey = torch.from_numpy(pictures.astype(np.float32))
    mean = grey.mean(dim=(1, 2), keepdim=True)
    deviation = grey.std(dim=(1, 2), keepdim=True, correction=0)
    return ((grey - mean) / (deviation + 1)).unsqueeze(1)


def _learn(network: Detector, optimiser: torch.optim.Optimizer, batch: list[Example]) -> float:
    pictures = normalised(np.stack([e.picture for e in batch]))
    text = torch.from_numpy(np.stack([e.text for e in batch]).astype(np.float32) / 255)[:, None]
    with torch.autocast("cpu", torch.bfloat16):
        scores = network(pictures.to(memory_format=torch.channels_last))
    scores = scores.float()
    marked = scores.sigmoid()
    dice = 1 - (2 * (marked * text).sum() + 1) / (marked.sum() + text.sum() + 1)
    loss = nn.functional.binary_cross_entropy_with_logits(scores, text) + 0.3 * dice
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def _crop(example: Example, rng: random.Random) -> Example:
    """A part of a picture, turned, and in another light."""
    grey, text = example.picture, example.text
    pad = [max(0, _CROP_PX - side) for side in grey.shape]
    if any(pad):
        grey = np.pad(grey, [(0, p) for p in pad], mode="edge")
        text = np.pad(text, [(0, -(-p // 2)) for p in pad])
    top = rng.randrange(0, grey.shape[0] - _CROP_PX + 1) // 2 * 2
    left = rng.randrange(0, grey.shape[1] - _CROP_PX + 1) // 2 * 2
    half = _CROP_PX // 2
    grey = grey[top : top + _CROP_PX, left : left + _CROP_PX]
    text = text[top // 2 : top // 2 + half, left // 2 : left // 2 + half]
    turns = rng.choice((0, 0, 0, 1, 2, 3))
    grey, text = np.rot90(grey, turns), np.rot90(text, turns)
    if rng.random() < 0.5:
        grey, text = grey[:, ::-1], text[:, ::-1]
    lit = _lit(grey.astype(np.float32), rng)
    return Example(np.clip(lit, 0, 255).astype(np.uint8), np.ascontiguousarray(text))


def _lit(grey: NDArray[np.floating], rng: random.Random) -> NDArray[np.floating]:
    """The picture out of focus, in uneven light, of another contrast, with noise, or negative."""
    noise = np.random.default_rng(rng.getrandbits(32))
    if rng.random() < 0.3:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.4, 1.1)))
    if rng.random() < 0.3:
        ramp = np.linspace(-1, 1, _CROP_PX, dtype=np.float32)
        grey = grey * (1 + rng.uniform(-0.4, 0.4) * (ramp if rng.random() < 0.5 else ramp[:, None]))
    grey = 128 + (grey - 128) * rng.uniform(0.5, 1.3) + rng.uniform(-40, 40)
    grey = grey + noise.normal(0, rng.choice((0, 3, 8)), grey.shape)
    return 255 - grey if rng.random() < 0.05 else grey


if __name__ == "__main__":
    main()
