"""What interrupts a run, and what is there afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.agreement import Rows, standing
from pipeline.transforms.runs import claimed
from tests.conftest import ROOT, run

SAMPLES = sorted((ROOT / "samples").glob("*.jpg"))


def command(output: Path) -> list[Any]:
    inputs = [word for path in SAMPLES for word in ("--input", path)]
    return ["-m", "pipeline", *inputs, "--output", output, "--run_id", "night"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    output = tmp_path_factory.mktemp("undisturbed")
    assert run(*command(output)[2:]).returncode == 0
    return standing(str(output))


def starting(output: Path) -> bool:
    """The run has its name, and nothing else yet."""
    return (output / "_runs" / ".night.lock").exists()


def reading(output: Path) -> bool:
    """The tables are begun, for they are before the first document is read."""
    return any(output.glob("*/*/beam-temp*"))


def signalled(
    number: int,
    moment: Callable[[Path], bool],
    output: Path,
    send: Callable[[int, int], None] = os.killpg,
) -> subprocess.Popen[str]:
    """The real command, sent a signal at a moment, with all its processes or alone."""
    process = subprocess.Popen(
        [sys.executable, *map(str, command(output))],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not moment(output):
        time.sleep(0.01)
    send(process.pid, number)
    return process


@pytest.mark.parametrize("moment", [starting, reading])
def test_a_killed_run_leaves_no_data_and_the_next_one_finishes_it(
    moment: Callable[[Path], bool], tmp_path: Path, undisturbed: Rows
) -> None:
    process = signalled(signal.SIGKILL, moment, tmp_path)
    assert process.wait() == -signal.SIGKILL
    assert not any(standing(str(tmp_path)).values())
    assert run(*command(tmp_path)[2:]).returncode == 0
    assert standing(str(tmp_path)) == undisturbed
    assert not list(tmp_path.glob("*/*/beam-temp*"))


@pytest.mark.parametrize("moment", [starting, reading])
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_ctrl_c_ends_a_run_and_all_its_workers_in_one_line(
    send: Callable[[int, int], None], moment: Callable[[Path], bool], tmp_path: Path
) -> None:
    process = signalled(signal.SIGINT, moment, tmp_path, send)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told.splitlines()[-1].startswith("python -m pipeline: interrupted; run night is not")
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert not any(standing(str(tmp_path)).values())


def test_a_run_replaces_itself_whatever_the_number_of_workers(
    tmp_path: Path, undisturbed: Rows
) -> None:
    for workers in (1, 2, 3):
        done = run(*command(tmp_path)[2:], "--direct_num_workers", str(workers))
        assert done.returncode == 0, done.stderr
        assert standing(str(tmp_path)) == undisturbed


def test_two_runs_of_one_name_do_not_mix(tmp_path: Path) -> None:
    with claimed(str(tmp_path), "night"):
        done = run(*command(tmp_path)[2:])
        assert done.returncode == 2
        assert "night is being written" in done.stderr
        other = run("--input", SAMPLES[0], "--output", tmp_path, "--run_id", "other")
        assert other.returncode == 0, other.stderr


def on_disk(folder: Path, options: str, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """Run the real command with a disk of its own mounted, then list what is on it."""
    words = " ".join(map(str, [sys.executable, *arguments]))
    script = f"mount -t tmpfs -o {options} tmpfs {folder} && {words}; code=$?; find {folder}"
    return subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", f"{script}; exit $code"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


needs_mount = pytest.mark.skipif(
    subprocess.run(
        ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
        check=False,
    ).returncode
    != 0,
    reason="a disk for a test needs a user namespace",
)


@needs_mount
def test_a_full_disk_ends_the_run_and_commits_nothing(tmp_path: Path) -> None:
    done = on_disk(tmp_path, "size=60k", *command(tmp_path / "out"))
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "run night is not committed" in done.stderr
    assert "night.lock" in done.stdout
    assert "night.json\n" not in done.stdout


@needs_mount
def test_an_output_that_is_read_only_is_told_at_once(tmp_path: Path) -> None:
    done = on_disk(tmp_path, "ro", *command(tmp_path / "out"))
    assert done.returncode == 2
    assert "cannot be written; name another folder" in done.stderr


def test_an_output_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = run("--input", SAMPLES[0], "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "is a file; name a folder" in done.stderr
