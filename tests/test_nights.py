"""Night after night into one output, by the real command: nothing is read twice, nothing lost."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import retry, schema, tables
from specimens.captures import encoded
from specimens.draw import Drawn
from tests.conftest import ROOT, run

SAMPLES = sorted(path for path in (ROOT / "samples").glob("*.jpg"))[:3]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two pictures, and a file that is none."""
    store = tmp_path / "store"
    store.mkdir()
    for picture in SAMPLES[:2]:
        shutil.copy(picture, store)
    (store / "notes.txt").write_text("not a picture")
    return store


def night(store: Path, name: str, *options: str) -> dict[str, Any]:
    output = store.parent / "out"
    done = run("--input", store, "--output", output, "--run_id", name, *options)
    assert done.returncode == 0, done.stderr
    record: dict[str, Any] = json.loads((output / "_runs" / f"{name}.json").read_text())
    return record


def standing(store: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tables.read(str(store.parent / "out"), table).to_pylist()
    return rows


def test_what_was_read_is_skipped_until_it_changes(store: Path) -> None:
    assert night(store, "one")["documents"] == 3
    shutil.copy(SAMPLES[2], store)
    second = night(store, "two")
    assert (second["documents"], second["skipped"]) == (1, 3)
    shutil.copy(SAMPLES[2], store / SAMPLES[0].name)
    third = night(store, "three")
    assert (third["documents"], third["skipped"]) == (1, 3)
    assert night(store, "four", "--reprocess")["documents"] == 4
    assert {Path(row["uri"]).name for row in standing(store, "dead_letter")} == {"notes.txt"}


def test_a_budget_puts_documents_off_and_takes_them_first(store: Path) -> None:
    first = night(store, "one", "--max_documents", "1")
    assert first["dead_letters"]["OUT_OF_QUOTA"] == 2
    put_off = {row["uri"] for row in standing(store, "dead_letter") if row["retryable"]}
    assert len(put_off) == 2
    shutil.copy(SAMPLES[2], store)
    second = night(store, "two", "--max_documents", "2")
    assert (second["documents"], second["skipped"]) == (3, 1)
    letters = standing(store, "dead_letter")
    left = [Path(row["uri"]).name for row in letters if row["status"] == "OUT_OF_QUOTA"]
    assert left == [SAMPLES[2].name]


def test_dead_letters_become_a_manifest(store: Path) -> None:
    (store / SAMPLES[0].name).rename(store / "elsewhere.jpg")
    rows = [{"uri": str(store / SAMPLES[0].name)}, {"image_base64": "§", "request_id": "inline"}]
    listed, again = store.parent / "list.jsonl", store.parent / "again.jsonl"
    listed.write_text("\n".join(map(json.dumps, rows)))
    output = store.parent / "out"
    run("--manifest", listed, "--output", output)
    for codes, expected in (
        ((), rows[:1]),
        (("--status", "NOT_FOUND", "--status", "INVALID_ARGUMENT"), rows),
    ):
        retry.main(["--output", str(output), "--manifest", str(again), *codes])
        assert list(map(json.loads, again.read_text().splitlines())) == expected
    (store / "elsewhere.jpg").rename(store / SAMPLES[0].name)
    retry.main(["--output", str(output), "--manifest", str(again)])
    run("--manifest", again, "--output", output)
    assert [row["manifest_row"] for row in standing(store, "dead_letter")] == [2]


def test_copies_named_in_a_manifest_have_the_same_rows(store: Path) -> None:
    shutil.copy(SAMPLES[0], store / "copy.jpg")
    digest = hashlib.sha256(SAMPLES[0].read_bytes()).hexdigest()
    names = [SAMPLES[0].name, "copy.jpg", "lost.jpg"]
    manifest = store.parent / "list.csv"
    manifest.write_text(
        "\n".join(["uri,content_sha256", *(f"{store / n},{digest}" for n in names)])
    )
    output = store.parent / "out"
    run("--manifest", manifest, "--output", output, "--run_id", "one")
    first, second = (row for table in schema.CARD_TABLES for row in standing(store, table))
    assert {Path(row["uri"]).name for row in (first, second)} == set(names[:2])
    (letter,) = standing(store, "dead_letter")
    assert (Path(letter["uri"]).name, letter["status"]) == ("lost.jpg", "NOT_FOUND")
    shutil.copy(SAMPLES[0], store / "later.jpg")
    manifest.write_text(f"uri,content_sha256\n{store / 'later.jpg'},{digest}\n")
    run("--manifest", manifest, "--output", output, "--run_id", "two")
    record = json.loads((output / "_runs" / "two.json").read_text())
    assert record["with_cards"] == 1
    assert "read" not in record["metrics"]
    (later,) = (
        row
        for table in schema.CARD_TABLES
        for row in standing(store, table)
        if row["uri"].endswith("later.jpg")
    )
    for row in (first, second, later):
        del row["uri"], row["request_id"]
    assert first == second == later


def test_sides_of_one_person_meet_over_the_nights(
    tmp_path: Path, drawn: Callable[..., Drawn]
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    for name, side in (("one", "dnie_2013_front"), ("two", "dnie_2013_back")):
        (store / f"{side}.jpg").write_bytes(encoded(drawn(side).image, "JPEG"))
        night(store, name)
    (holder,) = standing(store, "holders")
    assert {side["table"] for side in holder["sides"]} == {"new_front", "new_back"}
    assert holder["name"]
    assert holder["address"]
    assert holder["conflicts"] == []
    shutil.copy(SAMPLES[0], store / "dnie_2013_back.jpg")  # somebody else's now
    night(store, "three")
    sides = {
        side["uri"]: row["holder_id"] for row in standing(store, "holders") for side in row["sides"]
    }
    assert len(set(sides.values())) == 2


def test_attempts_are_counted(store: Path) -> None:
    missing = store / "missing.jpg"
    manifest = store.parent / "list.csv"
    manifest.write_text(f"uri\n{missing}\n{store / SAMPLES[0].name}\n")
    output = store.parent / "out"
    for attempt in (1, 2):
        run("--manifest", manifest, "--output", output, "--run_id", f"night-{attempt}")
        (letter,) = standing(store, "dead_letter")
        assert (letter["status"], letter["attempts"]) == ("NOT_FOUND", attempt)
    shutil.copy(SAMPLES[1], missing)
    run("--manifest", manifest, "--output", output, "--run_id", "night-3")
    assert standing(store, "dead_letter") == []
