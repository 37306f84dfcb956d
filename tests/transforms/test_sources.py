"""Every document that was named is listed, once."""

import json
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from pipeline.elements import DeadLetter, Source
from pipeline.settings import Storage
from pipeline.transforms import sources
from pipeline.transforms.sources import List

ANYWHERE = Storage(schemes=("file",))

ROWS = [
    {"uri": "a.jpg", "image_base64": None, "request_id": "TID1", "detect_face": "1"},
    {"uri": None, "image_base64": "QUJD", "request_id": None, "detect_face": None},
    {"uri": "a.jpg", "image_base64": "QUJD", "request_id": None, "detect_face": None},
    {"uri": None, "image_base64": None, "request_id": None, "detect_face": None},
    {"uri": "b.jpg", "image_base64": None, "request_id": None, "detect_face": "maybe"},
]


def written(path: Path) -> Path:
    """The rows as a manifest in the format that the file's name says."""
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".csv":
        head = ",".join(ROWS[0])
        body = [",".join(value or "" for value in row.values()) for row in ROWS]
        path.write_text("\n".join([head, *body]))
    else:
        path.write_text("\n".join([*map(json.dumps, ROWS), "{broken"]))
    return path


def listed(source: Source) -> tuple[str, int | None, str, bool, str | None]:
    origin = source.origin
    row = origin.manifest_row
    return Path(origin.uri).name, row, origin.request_id, origin.detect_face, source.image_base64


def refused(letter: DeadLetter) -> tuple[int | None, str]:
    return letter.origin.manifest_row, letter.reason


@pytest.mark.parametrize("name", ["list.csv", "list.jsonl", "list.parquet"])
def test_a_manifest_names_documents_and_its_bad_rows_are_dead_letters(
    name: str, tmp_path: Path
) -> None:
    path = written(tmp_path / name)
    neither = "must specify 'uri' or 'image_base64'"
    bad = [(3, neither), (4, neither), (5, "'detect_face' must be 0 or 1")]
    if path.suffix == ".jsonl":
        bad.append(
            (6, "manifest cannot be parsed at this row; correct its syntax, or write it again")
        )
    with TestPipeline() as p:
        good_rows, failures = p | List((), str(path), False, ANYWHERE)
        good = [("a.jpg", 1, "TID1", True, None), (f"{name}#2", 2, "", False, "QUJD")]
        assert_that(good_rows | beam.Map(listed), equal_to(good), label="sources")
        assert_that(failures | beam.Map(refused), equal_to(bad), label="failures")


@pytest.mark.parametrize("name", ["list.csv", "list.jsonl"])
def test_a_manifest_may_be_large_and_not_quite_text(name: str, tmp_path: Path) -> None:
    image = "QUJD" * 500_000
    lines = {
        "list.csv": ["uri,image_base64", f",{image}", "caf\xe9.jpg,", "b.jpg,,,too,many"],
        "list.jsonl": [
            json.dumps({"image_base64": image}),
            '{"uri": "caf\xe9.jpg"}',
            '{"uri": "b.jpg"}',
        ],
    }
    path = tmp_path / name
    path.write_bytes("\n".join(lines[name]).encode("latin-1"))
    inline, odd, last = sources.manifest_rows(str(path))
    assert (inline.values or {})["image_base64"] == image
    assert (odd.values or {})["uri"] == "caf\ufffd.jpg"
    assert (last.values or {})["uri"] == "b.jpg"


def test_several_manifests_may_be_named_and_one_be_damaged(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        pyarrow.parquet.write_table(pa.table({"uri": [f"{name}.jpg"]}), tmp_path / name)
    (tmp_path / "c.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    with TestPipeline() as p:
        found, failures = p | List((), str(tmp_path / "*.parquet"), False, ANYWHERE)
        uris = found | beam.Map(lambda source: source.origin.uri)
        assert_that(uris, equal_to(["a.parquet.jpg", "b.parquet.jpg"]), label="sources")
        damaged = failures | beam.Map(lambda f: (Path(f.origin.manifest_uri or "").name, f.status))
        assert_that(damaged, equal_to([("c.parquet", "INVALID_ARGUMENT")]), label="failures")


def test_overlapping_inputs_name_a_file_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for file in ("a.jpg", "sub/b.pdf"):
        (tmp_path / file).write_bytes(b"x")
    inputs = (str(tmp_path), str(tmp_path / "*.jpg"), str(tmp_path / "a.jpg"), "missing.jpg")
    with TestPipeline() as p:
        found, failures = p | List(inputs, None, False, ANYWHERE)
        names = found | beam.Map(lambda s: Path(s.origin.uri).name)
        assert_that(names, equal_to(["a.jpg", "b.pdf"]), label="sources")
        missing = failures | beam.Map(lambda f: (f.origin.uri, f.status, f.stage))
        assert_that(missing, equal_to([("missing.jpg", "NOT_FOUND", "list")]), label="failures")


def test_documents_lie_where_the_settings_allow(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "in_secret"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.jpg").write_bytes(b"x")
    (inside / "link.jpg").symlink_to(outside / "a.jpg")
    uris = {
        inside / "a.jpg": None,
        inside / "link.jpg": "NO_PERMISSION",
        outside / "a.jpg": "NO_PERMISSION",
        f"{inside}/../in_secret/a.jpg": "NO_PERMISSION",
        "http://127.0.0.1/a.jpg": "INVALID_ARGUMENT",
        "ftp://127.0.0.1/a.jpg": "INVALID_ARGUMENT",
        "hdfs://a.jpg": "INVALID_ARGUMENT",
        "s3://bucket/a.jpg": "INVALID_ARGUMENT",
    }
    refused = [(str(uri), code) for uri, code in uris.items() if code]
    manifest = tmp_path / "list.csv"
    manifest.write_text("\n".join(["uri", *map(str, uris)]))
    storage = Storage(schemes=("file",), roots=(str(inside),))
    with TestPipeline() as p:
        rows, failures = p | "Rows" >> List((), str(manifest), False, storage)
        codes = failures | beam.Map(lambda f: (f.origin.uri, f.status))
        assert_that(rows | beam.Map(lambda s: s.origin.uri), equal_to([str(inside / "a.jpg")]))
        assert_that(codes, equal_to(refused), label="refused rows")
        _, failures = p | "Files" >> List((str(inside),), None, False, storage)
        codes = failures | "Codes" >> beam.Map(lambda f: (Path(f.origin.uri).name, f.status))
        assert_that(codes, equal_to([("link.jpg", "NO_PERMISSION")]), label="refused files")
