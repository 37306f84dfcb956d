"""What a night costs in which nothing is new: time and memory by the number of known documents.

`python -m benchmarks.known --documents 1000 10000 100000`. Writes a folder of as many small files
and the tables of a run that has read them, a card each, then runs the real command over it.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems

from pipeline import schema
from pipeline.transforms.runs import commit, partition
from pipeline.transforms.sources import generation

_NOW = datetime.datetime.now(datetime.UTC)
_A_FOLDER = 1000
"""Files in each."""


def main() -> int:
    """The command line; exit code 1 if a known document was read again."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.known", description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    known = parser.parse_args()
    print(f"{'documents':>10}{'skipped':>10}{'read':>6}{'s':>8}{'peak MB':>9}")
    read = 0
    for count in known.documents:
        with tempfile.TemporaryDirectory() as folder:
            store, output = Path(folder, "store"), Path(folder, "out")
            _write(store, str(output), count)
            seconds, megabytes, record = _night(store, output)
        read += record.get("documents", 0)
        print(
            f"{count:>10}{record.get('skipped', 0):>10}{record.get('documents', 0):>6}"
            f"{seconds:>8.1f}{megabytes:>9.0f}",
            flush=True,
        )
    return 1 if read else 0


def _write(store: Path, output: str, count: int) -> None:
    """Files, and what a run that has read them left."""
    for number in range(count):
        path = store / f"{number // _A_FOLDER:04}" / f"{number:08}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    documents, cards = [], []
    (found,) = FileSystems.match([f"{store}/**"])
    for number, file in enumerate(found.metadata_list):
        uri = {"uri": file.path, "request_id": f"TID{number:032x}"}
        documents.append(
            uri
            | {"identity": file.path, "generation": generation(file), "cards": 1, "status": ""}
            | {
                "content_sha256": f"{number:064x}",
                "retryable": False,
                "attempts": 1,
                "dead_letters": 0,
                "blank_pages": 0,
            }
        )
        cards.append(
            uri
            | {"page": 1, "card_index": 0, "layout": "dnie_2020", "card_side": "front"}
            | {"holder_id": f"{number:08}", "name": "ROSA", "accepted": True, "processed_at": _NOW}
            | {"confidence": dict.fromkeys(schema.CARD_INFO["new_front"], 0.999), "mrz": []}
        )
    for table, rows in (("document", documents), ("new_front", cards)):
        folder = Path(partition(output, table, "before"))
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows, schema.TABLES[table]), folder / "part.parquet")
    Path(output, "_runs").mkdir()
    commit(output, {"run_id": "before", "started_at": "2026-01-01T00:00:00+00:00"})


def _night(store: Path, output: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds, megabytes at most, and the record of a run."""
    started = time.monotonic()
    command = [sys.executable, "-m", "pipeline", "--input", str(store), "--output", str(output)]
    process = subprocess.Popen(
        [*command, "--run_id", "night"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    record = json.loads((output / "_runs" / "night.json").read_text())
    return time.monotonic() - started, used.ru_maxrss / 1024, record


if __name__ == "__main__":
    sys.exit(main())
