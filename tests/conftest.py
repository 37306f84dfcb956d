"""Cards drawn for tests, and the real command run on real files."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from pipeline import settings
from pipeline.settings import Settings
from specimens import fonts
from specimens.designs import Design, sides
from specimens.draw import Drawn, render
from specimens.holders import Holder, invent

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def configuration() -> Settings:
    return settings.load(settings.CONFIGS / "default.yaml", settings.LAYOUTS)


@pytest.fixture
def holder() -> Holder:
    return invent(random.Random(3))


@pytest.fixture
def drawn() -> Callable[..., Drawn]:
    """Draw one side of an invented holder's card."""

    def draw(side: str | Design, seed: int = 3) -> Drawn:
        rng = random.Random(seed)
        design = side if isinstance(side, Design) else sides(rng)[side]
        return render(design, invent(rng), rng, fonts.families("development"))

    return draw


def run(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the real command; in one process unless told, for most tests have a file or two."""
    command = [sys.executable, "-m", "pipeline", "--direct_num_workers=1", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def rows(output: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a table, of all its partitions."""
    found: list[dict[str, Any]] = []
    for path in sorted(output.glob(f"{table}/run=*/*.parquet")):
        found += pyarrow.parquet.ParquetFile(path).read().to_pylist()
    return found
