"""Runs under one output folder: their partitions, their records, and which of them count.

A run is committed once its record exists; a partition without one is not data.
"""

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from pipeline import schema


def partition(output: str, table: str, run_id: str) -> str:
    """The folder of one table's rows of one run."""
    return FileSystems.join(output, table, f"run={run_id}")


def record_path(output: str, run_id: str) -> str:
    """Where the record of a run lies."""
    return FileSystems.join(output, "_runs", f"{run_id}.json")


class RunInProgress(RuntimeError):
    """Another process is writing the run of this name."""


@contextmanager
def claimed(output: str, run_id: str) -> Iterator[None]:
    """Hold a run's name for this process, on local disks; raises RunInProgress if another does.

    The operating system gives it back when the process ends, however it ends. Object stores have no
    such lock: there, names have to be told apart by who starts the runs.
    """
    if "://" in output:
        yield
        return
    path = Path(output, "_runs", f".{run_id}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunInProgress(f"run {run_id} is being written; name another --run_id") from None
        yield


def withdraw(output: str, run_id: str) -> None:
    """Remove what an earlier run of this name wrote, its record first: then it is no data."""
    FileSystems.delete(_files([record_path(output, run_id)]))
    for table in (*schema.TABLES, "responses"):
        # the whole folder: a run that was killed leaves temporary ones in it
        folder = partition(output, table, run_id)
        if FileSystems.exists(folder):
            FileSystems.delete([folder])
        elif _files([f"{folder}/**"]):  # object stores know no folders, only names that begin alike
            FileSystems.delete([f"{folder}/"])


def recorded(output: str, run_id: str) -> dict[str, Any]:
    """The record of a committed run."""
    with FileSystems.open(record_path(output, run_id)) as file:
        record: dict[str, Any] = json.load(file)
    return record


class Run(NamedTuple):
    """A committed run."""

    place: str
    """Sorts as the runs were started."""
    run_id: str


def commit(output: str, record: Mapping[str, Any]) -> None:
    """Write a run's record, at one stroke: a reader sees the whole of it or none."""
    path = record_path(output, record["run_id"])
    unfinished = f"{path}.unfinished"
    with FileSystems.create(unfinished) as file:
        file.write(json.dumps(record, indent=2, ensure_ascii=False).encode())
    FileSystems.rename([unfinished], [path])


def committed(output: str) -> list[Run]:
    """The committed runs, in the order they were started."""
    runs = []
    for path in _files([FileSystems.join(output, "_runs", "*.json")]):
        with FileSystems.open(path) as file:
            record = json.load(file)
        runs.append(Run(f"{record['started_at']} {record['run_id']}", record["run_id"]))
    return sorted(runs)


def files(run: Run, output: str, table: str) -> list[tuple[str, str]]:
    """The files of a table's rows of one run, each with the run's place."""
    pattern = FileSystems.join(partition(output, table, run.run_id), "*.parquet")
    return [(run.place, path) for path in _files([pattern])]


def _files(patterns: Iterable[str]) -> list[str]:
    try:
        matches = FileSystems.match(list(patterns))
    except BeamIOError:  # no such bucket or folder yet
        return []
    return [file.path for match in matches for file in match.metadata_list]
