"""The real command on real files: every document ends in exactly one place."""

import base64
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest
from PIL import Image

from pipeline import schema
from specimens import fonts
from specimens.captures import CAPTURES, encoded
from specimens.designs import Design, Print, sides
from specimens.draw import Drawn, render
from specimens.holders import invent
from tests.conftest import ROOT, rows, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backlog: two sides on a sheet, a photo, and everything that can be wrong with a file."""
    folder = tmp_path_factory.mktemp("backlog")
    rng = random.Random(8)
    holder, designs = invent(rng), sides(rng)
    families = fonts.families("development")
    front, back = (
        render(designs[side], holder, rng, families) for side in ("dni_azul_front", "dni_azul_back")
    )
    (folder / "sheet.pdf").write_bytes(CAPTURES["sheet_pdf"]([front, back], rng).content)
    (folder / "photo.jpg").write_bytes(CAPTURES["phone"]([front], rng).content)
    whole = encoded(front.image, "JPEG")
    (folder / "deep").mkdir()
    (folder / "deep" / "wrong_ending.pdf").write_bytes(whole)
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.png").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "large.jpg").write_bytes(whole + bytes(6 * 1024 * 1024))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    Image.new("RGB", (100, 400)).save(folder / "small.png")
    Image.new("RGB", (900, 600), "white").save(folder / "blank.png")
    (folder / "names.json").write_text(json.dumps([holder.first_surname, holder.number]))
    return folder


@pytest.fixture(scope="module")
def finished(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    output = tmp_path_factory.mktemp("run") / "out"
    arguments = ["--input", folder, "--input", folder / "missing.jpg", "--output", output]
    return output, run(*arguments, "--detect_face", "1", "--responses", "--run_id", "night")


def test_the_run_is_complete_and_adds_up(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    output, done = finished
    assert done.returncode == 0, done.stderr
    record = json.loads((output / "_runs" / "night.json").read_text())
    assert record["documents"] == 12
    assert record["with_cards"] == 3
    assert record["dead_lettered"] == 9
    assert record["cards"] == {"old_back": 1, "old_front": 3}


def test_every_failure_says_what_to_do(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    output, _ = finished
    letters = {Path(row["uri"]).name: row for row in rows(output, "dead_letter")}
    told = {name: (row["status"], row["stage"], row["reason"]) for name, row in letters.items()}
    blank = "the page is blank; scan the side with the card"
    kind = "not a JPEG, PNG or PDF by its content; convert it to one of these"
    corrupt = "image is corrupt or truncated; scan or export it again"
    sides = "image is 100 × 400 px; both sides must be between 128 and 6000 px"
    assert told == {
        "missing.jpg": ("NOT_FOUND", "list", "no file matches; check the path"),
        "large.jpg": ("INVALID_ARGUMENT", "read", told["large.jpg"][2]),
        "cut.jpg": ("INVALID_ARGUMENT", "decode", corrupt),
        "empty.png": ("INVALID_ARGUMENT", "decode", "file is empty; send it again"),
        "notes.txt": ("INVALID_ARGUMENT", "decode", kind),
        "names.json": ("INVALID_ARGUMENT", "decode", kind),
        "broken.pdf": ("INVALID_ARGUMENT", "decode", "PDF is corrupt; print it to a new PDF"),
        "small.png": ("INVALID_ARGUMENT", "decode", sides),
        "blank.png": ("DETECTION_FAILED", "detect", blank),
    }
    assert re.fullmatch(r"file is 6\.\d MB; the limit is 5 MB", told["large.jpg"][2])
    for row in letters.values():
        assert re.fullmatch(r"TID[0-9a-f]{32}", row["request_id"])
        assert row["attempts"] == 1
        assert row["retryable"] == (row["status"] == "NOT_FOUND")


def test_tables_have_the_columns_of_the_contract(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    output, _ = finished
    for table, columns in schema.TABLES.items():
        (path,) = output.glob(f"{table}/run=night/*.parquet")
        assert pyarrow.parquet.read_schema(path).equals(columns)
    fronts = rows(output, "old_front")
    assert {row["holder_id"] for row in fronts} == {row["holder_id"] for row in fronts[:1]}
    for row in fronts:
        assert row["mrz_valid"]
        assert len(row["corners"]) == len(row["face_region"]) == 4
        assert row["birth_date"].strftime("%d/%m/%Y") == row["birthday"]
        assert set(row["confidence"]) == set(schema.CARD_INFO["old_front"])


def test_responses_have_the_syntax_of_the_api(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    output, _ = finished
    lines = [
        json.loads(line)
        for path in output.glob("responses/run=night/*.jsonl")
        for line in path.read_text().splitlines()
    ]
    assert len(lines) == 12
    for line in lines:
        if line["status"] == "OK":
            for result in line["results"]:
                table = f"{result['card_type']}_{result['card_side']}"
                assert tuple(result["card_info"]) == schema.CARD_INFO[table]
        else:
            assert set(line) == {"status", "reason", "request_id"}


def test_what_is_written_is_for_its_owner_alone(
    finished: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    output, _ = finished
    files = [path for path in output.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_nothing_personal_is_printed(
    folder: Path, finished: tuple[Path, subprocess.CompletedProcess[str]]
) -> None:
    output, done = finished
    printed = done.stdout + done.stderr + (output / "_runs" / "night.json").read_text()
    printed += " ".join(row["reason"] for row in rows(output, "dead_letter"))
    for secret in json.loads((folder / "names.json").read_text()):
        assert secret not in printed


def test_a_manifest_with_inline_images(folder: Path, tmp_path: Path) -> None:
    photo = base64.b64encode((folder / "photo.jpg").read_bytes()).decode()
    entries = [
        {"image_base64": photo, "request_id": "TID" + "0" * 32, "detect_face": 1},
        {"image_base64": "§"},
        {"uri": str(folder / "deep" / "wrong_ending.pdf")},
        {},
    ]
    manifest = tmp_path / "list.jsonl"
    manifest.write_text("\n".join(map(json.dumps, entries)))
    output = tmp_path / "out"
    done = run("--manifest", manifest, "--output", output, "--fail_on_dead_letter_ratio", "0.2")
    assert done.returncode == 1, done.stderr
    inline, stored = sorted(rows(output, "old_front"), key=lambda row: row["uri"], reverse=True)
    if not inline["uri"].endswith("#1"):
        inline, stored = stored, inline
    assert inline["request_id"] == "TID" + "0" * 32
    assert inline["face_region"] is not None
    assert stored["face_region"] is None
    letters = {row["manifest_row"]: row["reason"] for row in rows(output, "dead_letter")}
    assert letters == {
        2: "'image_base64' is not base64; encode the file's bytes",
        4: "must specify 'uri' or 'image_base64'",
    }


def test_the_same_input_gives_the_same_ids(folder: Path, tmp_path: Path) -> None:
    ids = []
    for night in ("one", "two", "two"):  # the same run again replaces its rows
        run("--input", folder / "photo.jpg", "--output", tmp_path, "--run_id", night, "--reprocess")
        (row,) = pyarrow.parquet.read_table(tmp_path / f"old_front/run={night}").to_pylist()
        ids.append(row["request_id"])
    assert ids[0] == ids[1]


def test_a_mistake_on_the_command_line_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = run("--inputs", "x", "--output", tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "unknown option --inputs" in done.stderr


SIXTH = """
layout: permiso_temporal
card_type: ALIEN
card_side: front
signature: [PERMISO TEMPORAL DE PERMANENCIA]
marks:
  - {text: [PERMISO TEMPORAL DE PERMANENCIA], box: [.30, .05, .45, .04]}
fields:
  id_number: {kind: foreigner_number, label: [Número de Permiso], place: [below]}
  surname: {kind: name, label: [Apellido Paterno y Materno], place: [below]}
  given_name: {kind: name, label: [Nombre Completo], place: [below]}
  birthday: {kind: date_with_month, label: [Nacido el], place: [below]}
  birthday_s: {kind: numeric_date, same_as: birthday}
  nationality: {kind: words, label: [País de Origen], place: [below]}
not_printed: [document_number, gender, gender_s, marriage, issue_date, issue_date_s, expiry_date,
  expiry_date_s, migratory_quality]
rules: [date_order]
"""


def test_a_sixth_layout_is_one_file(tmp_path: Path, drawn: Callable[..., Drawn]) -> None:
    labels = {
        "id_number": ("Número de Permiso", "{foreigner_number}"),
        "surname": ("Apellido Paterno y Materno", "{surnames}"),
        "given_name": ("Nombre Completo", "{given_names}"),
        "birthday": ("Nacido el", "{birth_month}"),
        "nationality": ("País de Origen", "{nationality}"),
    }
    prints = [Print(("PERMISO TEMPORAL DE PERMANENCIA",), 0.30, 0.05, 0.045, "heading")]
    for i, (label, value) in enumerate(labels.values()):
        prints.append(Print((label,), 0.30, 0.17 + 0.15 * i, 0.034, "label"))
        prints.append(Print((value,), 0.30, 0.22 + 0.15 * i, 0.040))
    design = Design(
        layout="permiso_temporal",
        card_type="ALIEN",
        card_side="front",
        ground="assorted",
        prints=tuple(prints),
        fields={name: value for name, (_, value) in labels.items()},
        portrait=(0.03, 0.25, 0.24, 0.50),
    )
    card = drawn(design)
    (tmp_path / "card.jpg").write_bytes(encoded(card.image, "JPEG", quality=90))
    layouts = tmp_path / "layouts"
    layouts.mkdir()
    for path in (ROOT / "configs" / "layouts").glob("*.yaml"):
        (layouts / path.name).write_text(path.read_text())
    (layouts / "permiso_temporal_front.yaml").write_text(SIXTH)
    output = tmp_path / "out"
    done = run("--input", tmp_path / "card.jpg", "--output", output, "--layouts", layouts)
    assert done.returncode == 0, done.stderr
    (row,) = rows(output, "alien_front")
    assert row["layout"] == "permiso_temporal"
    assert {name: row[name] for name in labels} == card.truth["fields"]


def test_the_command_runs_as_a_script_from_any_folder(tmp_path: Path) -> None:
    """With workers of its own, which must find the package, too."""
    script = [sys.executable, ROOT / "deploy" / "launch.py", "--direct_num_workers=2"]
    words = ["--input", ROOT / "samples" / "000001.jpg", "--output", "out", "--reprocess=true"]
    done = subprocess.run(
        [*script, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "1 documents" in done.stdout
