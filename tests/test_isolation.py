"""Native code that crashes, hangs or takes all memory costs one document, on every runner."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import yaml

from deploy.flink import cluster
from pipeline import tables
from tests.conftest import ROOT
from tests.faults import FAULTS, SITE, STAGES

GOOD = ["first", "second", "third"]
ENDLESS = "ocr-endless"
BAD = [f"{stage}-{fault}" for stage in STAGES for fault in FAULTS if fault != "endless"] + [ENDLESS]
SECONDS = 15
Runner = Callable[[Path], AbstractContextManager[list[str]]]


@contextmanager
def one_worker(_: Path) -> Iterator[list[str]]:
    yield ["--direct_num_workers=1"]


@contextmanager
def two_workers(_: Path) -> Iterator[list[str]]:
    yield ["--direct_num_workers=2"]


@contextmanager
def flink(folder: Path) -> Iterator[list[str]]:
    if not (cluster.INSTALLED / ".ready").exists():
        pytest.skip("make flink fetches Flink")
    with cluster.Cluster(folder) as started:
        yield cluster.options(started)


@pytest.mark.parametrize("runner", [one_worker, two_workers, flink])
def test_a_fault_costs_one_document(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in SITE.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    inputs, output, limits = tmp_path / "in", tmp_path / "out", tmp_path / "limits.yaml"
    inputs.mkdir()
    for name in (*GOOD, *BAD):
        shutil.copy(ROOT / "samples" / "000001.jpg", inputs / f"{name}.jpg")
    settings = yaml.safe_load((ROOT / "configs" / "default.yaml").read_text())
    settings["limits"]["document_seconds"] = SECONDS
    limits.write_text(yaml.safe_dump(settings))
    words = ["--input", inputs, "--output", output, "--config", limits]
    with runner(tmp_path) as options:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *words, *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    documents = tables.read(str(output), "document").to_pylist()
    outcomes = {Path(row["uri"]).stem: (row["status"], row["retryable"]) for row in documents}
    assert outcomes == dict.fromkeys(GOOD, ("", False)) | dict.fromkeys(
        BAD, ("INTERNAL_ERROR", True)
    )
