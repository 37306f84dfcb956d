"""`python -m specimens --output DIR --n 200 --seed 7`: draw a set of files and their truth."""

import argparse
import sys
from pathlib import Path

from specimens.sets import NAMES, SHARE_OF_OTHERS, draw_set

__all__ = ["draw_set", "main"]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m specimens", description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--captures", help=f"comma-separated, of {', '.join(NAMES)}")
    parser.add_argument(
        "--fonts", default="development", choices=("development", "held_out", "all")
    )
    parser.add_argument(
        "--others", type=float, default=SHARE_OF_OTHERS, help="share of files without a card"
    )
    known = parser.parse_args()
    names = known.captures.split(",") if known.captures else None
    unknown = [name for name in names or () if name not in NAMES]
    if unknown:
        print(f"unknown capture {unknown[0]!r}; choose of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    try:
        draw_set(known.output, known.n, known.seed, names, known.fonts, known.others)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
