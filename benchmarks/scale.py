"""What a run costs besides reading: wall time and memory by the number of documents.

`python -m benchmarks.scale --documents 100 1000 10000 1000000 --workers 1 2`. The graph is the
pipeline's own; only its reading stages are replaced: a document takes `--read_seconds` of waiting,
as long as `benchmarks.speed` found it to take, and gives one card. Above `--reading_up_to`
documents nothing is waited for: listing, accounting, joining and writing alone are measured.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __main__ as command
from pipeline import build, schema
from pipeline.elements import CardRow, Document, Source
from pipeline.transforms.read import Read
from pipeline.transforms.stage import Stage

_TABLE = "new_front"
_MANIFESTS = 10
"""Files that the list of documents is in."""


@dataclass(eq=False)
class Waited(Stage):
    """Stands for reading: takes its time, and no bytes."""

    seconds: float
    name, result = "read", Document

    def each(self, element: Source) -> Iterator[Document]:
        time.sleep(self.seconds)
        digest = f"{hash(element.origin.uri) & (2**256 - 1):064x}"
        yield Document(element.origin._replace(content_sha256=digest, page=1), b"")


@dataclass(eq=False)
class Card(Stage):
    """Stands for all that comes then: gives a row as wide as a real one."""

    name, result = "parse", CardRow

    def each(self, element: Document) -> Iterator[CardRow]:
        origin = element.origin
        columns = schema.CARD_TABLES[_TABLE]
        values: dict[str, Any] = {
            field.name: "AS LONG AS A NAME" if field.type == pa.string() else None
            for field in columns
        }
        values |= {"uri": origin.uri, "page": 1, "card_index": 0, "accepted": True}
        values |= {"holder_id": origin.uri[-12:-4], "layout": "dnie_2020", "card_side": "front"}
        values |= {"confidence": dict.fromkeys(schema.CARD_INFO[_TABLE], 0.999), "mrz": []}
        yield CardRow(origin, _TABLE, values)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    add = parser.add_argument
    add("--documents", type=int, nargs="+", default=[100, 1_000, 10_000, 1_000_000])
    add("--workers", type=int, nargs="+", default=[1, 2])
    add("--read_seconds", type=float, default=0.24, help="that reading a document takes")
    add("--reading_up_to", type=int, default=1_000, help="documents; more are not waited for")
    add("--once", nargs=3, metavar=("FOLDER", "WORKERS", "SECONDS"), help=argparse.SUPPRESS)
    known = parser.parse_args()
    if known.once:
        _once(*known.once)
        return
    names = ("documents", "read s", "workers", "s", "MB", "files", "efficiency")
    print("".join(f"{name:>11}" for name in names))
    for count in known.documents:
        seconds = known.read_seconds if count <= known.reading_up_to else 0.0
        alone = 0.0
        for workers in known.workers:
            wall, megabytes, files = _measure(count, workers, seconds)
            alone = alone or wall * workers
            print(
                f"{count:>11}{seconds:>11.2f}{workers:>11}{wall:>11.1f}{megabytes:>11.0f}"
                f"{files:>11}{alone / wall / workers:>11.2f}",
                flush=True,
            )


def _measure(count: int, workers: int, seconds: float) -> tuple[float, float, int]:
    """Wall seconds, megabytes of all processes at most, and files written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in range(min(_MANIFESTS, count)):
            uris = [f"s3://backlog/{i:08}.jpg" for i in range(part, count, _MANIFESTS)]
            pq.write_table(pa.table({"uri": uris}), folder / f"list-{part}.parquet")
        started = time.monotonic()
        once = ["--once", str(folder), str(workers), str(seconds)]
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.scale", *once],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        most = 0.0
        while process.poll() is None:
            most = max(most, _megabytes(process.pid))
            time.sleep(0.2)
        wall = time.monotonic() - started
        if process.returncode:
            raise RuntimeError(f"the run of {count} documents failed")
        return wall, most, len(list(folder.glob("out/*/*/*.parquet")))


def _megabytes(session: int) -> float:
    """Memory of a session's processes, what they share counted once."""
    kilobytes = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                said = (folder / "smaps_rollup").read_text()
                kilobytes += int(said.partition("Pss:")[2].split()[0])
        except (OSError, IndexError):  # it has just ended
            continue
    return kilobytes / 1000


def _once(folder: str, workers: str, seconds: str) -> None:
    """The real command with its reading replaced."""
    setattr(build, Read.__name__, lambda _: "Read" >> Waited(float(seconds)))
    setattr(build, build.reading.__name__, lambda _: (Card(),))
    os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    arguments = ["--manifest", f"{folder}/*.parquet", "--output", f"{folder}/out"]
    sys.exit(command.main([*arguments, "--direct_num_workers", workers]))


if __name__ == "__main__":
    main()
