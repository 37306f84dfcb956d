"""The same tables on a real Flink cluster."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.agreement import Rows, standing
from deploy.flink import cluster
from deploy.flink.cluster import Cluster
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    not (cluster.INSTALLED / ".ready").exists(), reason="make .flink/.ready fetches Flink"
)


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("flink")) as started:
        yield started


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    output = tmp_path_factory.mktemp("local")
    assert reading(output, ["--direct_num_workers=1"]).wait() == 0
    return standing(str(output))


def reading(output: Path, options: list[str]) -> subprocess.Popen[bytes]:
    """The real command, reading the samples."""
    words = ["--input", "samples", "--output", str(output), "--run_id", "night", *options]
    return subprocess.Popen([sys.executable, "-m", "pipeline", *words], cwd=ROOT)


def test_flink_writes_the_same_tables(flink: Cluster, local: Rows, tmp_path: Path) -> None:
    assert reading(tmp_path, cluster.options(flink)).wait() == 0
    assert standing(str(tmp_path)) == local


def test_the_loss_of_a_task_manager_is_made_good(
    flink: Cluster, local: Rows, tmp_path: Path
) -> None:
    process = reading(tmp_path, cluster.options(flink))
    flink.wait_for("Cards")
    flink.kill("taskmanager-1")
    assert process.wait() == 0
    assert standing(str(tmp_path)) == local
