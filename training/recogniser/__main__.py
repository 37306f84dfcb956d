"""`python -m training.recogniser`: draw lines, train the recogniser, write it into the package.

Hours on two cores. `--resume` goes on from the checkpoint of an earlier run.
"""

import argparse
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn

from training.export import export
from training.recogniser import lines
from training.recogniser.lines import DrawnLine
from training.recogniser.network import (
    CHARACTERS,
    STEP_PX,
    WIDTH_MULTIPLE_PX,
    Probabilities,
    Recogniser,
    greedy,
    normalised,
)

_BLOCK_LINES = 6400
_PASSES = 2
"""Times that a block of lines is learnt; drawing a line costs as much as learning it twice."""
_BATCH_PX = 64 * 288
"""Width of a batch's lines in all."""
_PEAK_RATE = 3e-3
_CHECKED_LINES = 1000
_CLASSES = {c: i + 1 for i, c in enumerate(CHARACTERS)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.recogniser", description=__doc__)
    parser.add_argument("--lines", type=int, default=600_000, help="lines to draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="processes that draw")
    parser.add_argument("--checkpoint", type=Path, default=Path("recogniser.pt"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--rate", type=float, default=_PEAK_RATE, help="highest learning rate")
    known = parser.parse_args()
    torch.manual_seed(known.seed)
    torch.set_num_threads(1)
    network = Recogniser().to(memory_format=torch.channels_last)
    if known.resume:
        network.load_state_dict(torch.load(known.checkpoint, weights_only=True))
    blocks = known.lines // _BLOCK_LINES
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    held_out = _block(-known.seed, _CHECKED_LINES, held_out=True)
    rng, started = random.Random(known.seed), time.monotonic()
    for number, block in enumerate(_drawn(blocks, known.seed, known.processes)):
        losses = []
        for _ in range(_PASSES):
            batches = _batches(block, rng)
            for i, batch in enumerate(batches):
                done = (number + (_ + i / len(batches)) / _PASSES) / blocks
                for group in optimiser.param_groups:
                    group["lr"] = known.rate * _schedule(done)
                losses.append(_learn(network, optimiser, batch))
        torch.save(network.state_dict(), known.checkpoint)
        right, characters = check(network, held_out)
        print(
            f"{(number + 1) * _BLOCK_LINES} lines, {time.monotonic() - started:.0f} s: "
            f"loss {np.mean(losses):.3f}, held-out typefaces: {right:.3f} of lines, "
            f"{characters:.4f} of characters wrong",
            flush=True,
        )
    example = torch.zeros(2, 1, lines.HEIGHT_PX, 256)
    free = {0: "n", 3: "width"}
    export(Probabilities(network), "recogniser", example, free, characters=CHARACTERS)


def check(network: Recogniser, drawn: list[DrawnLine]) -> tuple[float, float]:
    """Share of lines read exactly, and character error rate."""
    network.eval()
    right = errors = characters = 0
    with torch.no_grad():
        for batch in _batches(drawn, random.Random(0)):
            pictures, _ = _stacked(batch)
            for line, read in zip(batch, greedy(network(pictures)), strict=True):
                right += read == line.text
                errors += _distance(read, line.text)
                characters += len(line.text)
    network.train()
    return right / len(drawn), errors / characters


def _drawn(blocks: int, seed: int, processes: int) -> Iterator[list[DrawnLine]]:
    """Blocks of lines, drawn ahead by other processes."""
    with ProcessPoolExecutor(processes) as pool:
        ahead: list[Future[list[DrawnLine]]] = []
        for number in range(blocks):
            while len(ahead) < processes + 1 and number + len(ahead) < blocks:
                ahead.append(pool.submit(_block, (seed << 20) + number + len(ahead), _BLOCK_LINES))
            yield ahead.pop(0).result()


def _block(number: int, count: int, held_out: bool = False) -> list[DrawnLine]:
    rng = random.Random(number)
    drawn = (lines.draw(rng, held_out=held_out) for _ in range(count))
    return [line for line in drawn if _legible(line)]


def _legible(line: DrawnLine) -> bool:
    """Whether the line has a step for each character, and one between equal ones."""
    doubles = sum(a == b for a, b in zip(line.text, line.text[1:], strict=False))
    return len(line.text) + doubles <= line.picture.shape[1] // STEP_PX


def _batches(block: list[DrawnLine], rng: random.Random) -> list[list[DrawnLine]]:
    """The block in random batches of lines of like width."""
    batches: list[list[DrawnLine]] = [[]]
    for line in sorted(block, key=lambda line: line.picture.shape[1] + rng.random() * 16):
        if (len(batches[-1]) + 1) * line.picture.shape[1] > _BATCH_PX:
            batches.append([])
        batches[-1].append(line)
    rng.shuffle(batches)
    return batches


def _stacked(batch: list[DrawnLine]) -> tuple[Tensor, list[int]]:
    """Lines normalised and padded to one width, and the steps of each."""
    width = max(line.picture.shape[1] for line in batch)
    stacked = torch.zeros(
        len(batch), 1, lines.HEIGHT_PX, -(-width // WIDTH_MULTIPLE_PX) * WIDTH_MULTIPLE_PX
    )
    for i, line in enumerate(batch):
        picture = torch.from_numpy(line.picture.astype(np.float32))[None]
        stacked[i, :, :, : line.picture.shape[1]] = normalised(picture)[0]
    steps = [line.picture.shape[1] // STEP_PX for line in batch]
    return stacked.to(memory_format=torch.channels_last), steps


def _learn(network: Recogniser, optimiser: torch.optim.Optimizer, batch: list[DrawnLine]) -> float:
    pictures, steps = _stacked(batch)
    with torch.autocast("cpu", torch.bfloat16):
        scores = network(pictures)
    targets = torch.tensor([_CLASSES[c] for line in batch for c in line.text])
    loss = nn.functional.ctc_loss(
        scores.float().log_softmax(2).transpose(0, 1),
        targets,
        tuple(steps),
        tuple(len(line.text) for line in batch),
        zero_infinity=True,
    )
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def _schedule(done: float) -> float:
    """Share of the highest learning rate: a short warm-up, then half a cosine."""
    warm = 0.03
    if done < warm:
        return 0.05 + 0.95 * done / warm
    return 0.5 * (1 + float(np.cos(np.pi * (done - warm) / (1 - warm)))) + 1e-3


def _distance(a: str, b: str) -> int:
    """Levenshtein's edit distance."""
    return Levenshtein.distance(a, b)


if __name__ == "__main__":
    main()
