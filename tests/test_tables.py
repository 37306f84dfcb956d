"""What readers see: committed runs, and of each document what was read last."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import schema, tables
from tests.conftest import ROOT, run

Rows = list[dict[str, Any]]


def write(output: Path, run: str, table: str, rows: Rows, columns: pa.Schema | None = None) -> None:
    folder = output / table / f"run={run}"
    folder.mkdir(parents=True)
    wanted = columns or schema.TABLES[table]
    pq.write_table(pa.Table.from_pylist(rows, wanted), folder / "part-0.parquet")


def commit(output: Path, run: str, started_at: str) -> None:
    (output / "_runs").mkdir(exist_ok=True)
    record = {"run_id": run, "started_at": started_at}
    (output / "_runs" / f"{run}.json").write_text(json.dumps(record))


def night(output: Path, run: str, started_at: str, read: dict[str, str | None]) -> None:
    """A run that read documents: each gives a card with this name, or a dead letter."""
    write(output, run, "document", [{"identity": uri, "uri": uri} for uri in read])
    cards = [{"uri": uri, "name": name, "accepted": True} for uri, name in read.items() if name]
    write(output, run, "new_front", cards)
    write(output, run, "dead_letter", [{"uri": uri} for uri, name in read.items() if not name])
    if started_at:
        commit(output, run, started_at)


def names(output: Path) -> dict[str, str]:
    rows = tables.read(str(output), "new_front").to_pylist()
    assert len(rows) == len({row["uri"] for row in rows})
    return {row["uri"]: row["name"] for row in rows}


def failed(output: Path) -> list[str]:
    return sorted(tables.read(str(output), "dead_letter")["uri"].to_pylist())


def test_the_newest_committed_row_of_a_document_stands(tmp_path: Path) -> None:
    night(tmp_path, "z-first", "2026-01-01T00:00:00", {"a": "OLD", "b": "KEPT", "c": None})
    night(tmp_path, "a-second", "2026-01-02T00:00:00", {"a": "NEW", "c": "AT LAST", "d": None})
    night(tmp_path, "killed", "", {"a": "HALF", "e": "LOST"})
    assert names(tmp_path) == {"a": "NEW", "b": "KEPT", "c": "AT LAST"}
    assert failed(tmp_path) == ["d"]


def test_the_query_of_the_readme_gives_the_same(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    night(output, "one", "2026-01-01T00:00:00", {"a": "OLD", "b": "KEPT"})
    night(output, "two", "2026-01-02T00:00:00", {"a": "NEW", "c": None})
    night(output, "killed", "", {"b": "HALF"})
    query = re.search(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert query is not None
    duckdb = Path(sys.executable).with_name("duckdb")
    told = subprocess.run(
        [duckdb, "-json", "-c", query[1]], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert sorted(row["name"] for row in json.loads(told.stdout)) == ["KEPT", "NEW"]


def test_a_document_that_no_longer_reads_has_no_row(tmp_path: Path) -> None:
    night(tmp_path, "one", "2026-01-01T00:00:00", {"a": "CARD"})
    night(tmp_path, "two", "2026-01-02T00:00:00", {"a": None})
    assert names(tmp_path) == {}
    assert failed(tmp_path) == ["a"]


def test_an_empty_output_is_an_empty_table(tmp_path: Path) -> None:
    for table, columns in schema.TABLES.items():
        assert tables.read(str(tmp_path), table).schema.equals(columns)


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_tables_of_earlier_versions_are_read_and_added_to(version: int, tmp_path: Path) -> None:
    """The stored ones were written by those versions, of a sample each of a new and an old card."""
    output = tmp_path / "out"
    shutil.copytree(ROOT / "tests" / "stored" / f"version-{version}", output)
    for expected in (1, 2):
        for table in ("new_front", "old_front", "dead_letter"):
            rows = tables.read(str(output), table)
            assert rows.schema.equals(schema.TABLES[table])
            assert len(rows) == (expected if table == "new_front" else 1)
        done = run("--input", ROOT / "samples" / "000001.jpg", "--output", output)
        assert done.returncode == 0, done.stderr


def test_tables_of_an_older_version_lack_columns(tmp_path: Path) -> None:
    columns = schema.TABLES["new_front"]
    older = pa.schema([field for field in columns if field.name != "birth_place_name"])
    write(tmp_path, "old", "document", [{"identity": "a", "uri": "a"}])
    write(tmp_path, "old", "new_front", [{"uri": "a", "name": "ROSA"}], older)
    commit(tmp_path, "old", "2026-01-01T00:00:00")
    (row,) = tables.read(str(tmp_path), "new_front").to_pylist()
    assert (row["name"], row["birth_place_name"]) == ("ROSA", None)
