"""The same content under several URIs is read once."""

import hashlib
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from pipeline.elements import CardRow, DeadLetter, Document, Origin, Source
from pipeline.settings import Settings
from pipeline.transforms.copies import ForEachCopy, OncePerContent
from pipeline.transforms.read import Read

CONTENT = b"a picture"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def source(uri: str, digest: str | None = DIGEST, face: bool = False) -> Source:
    return Source(Origin(uri, "", content_sha256=digest, detect_face=face))


def test_what_is_known_to_be_the_same_is_one_element() -> None:
    sources = [source("b"), source("a"), source("c", "other"), source("d", face=True)]
    sources += [source("e", None), source("f", None)]
    with TestPipeline() as p:
        once = p | beam.Create(sources) | OncePerContent()
        found = once | beam.Map(lambda s: (s.origin.uri, [c.uri for c in s.origin.copies]))
        assert_that(found, equal_to([("a", ["b"]), ("c", []), ("d", []), ("e", []), ("f", [])]))


@pytest.mark.parametrize(
    ("there", "read", "failed"),
    [
        (["a", "b", "c"], ("a", ["b", "c"]), []),
        (["b", "c"], ("b", ["c"]), [("a", "NOT_FOUND")]),
        (["a", "c"], ("a", ["c"]), [("b", "NOT_FOUND")]),
        ([], None, [("a", "NOT_FOUND"), ("b", "NOT_FOUND"), ("c", "NOT_FOUND")]),
    ],
)
def test_of_copies_the_first_that_is_there_is_read(
    there: list[str],
    read: tuple[str, list[str]] | None,
    failed: list[tuple[str, str]],
    tmp_path: Path,
    configuration: Settings,
) -> None:
    for name in there:
        (tmp_path / name).write_bytes(CONTENT)
    first, *others = (source(str(tmp_path / name)).origin for name in "abc")

    def names(document: Document) -> tuple[str, list[str]]:
        return Path(document.origin.uri).name, [Path(c.uri).name for c in document.origin.copies]

    def code(letter: DeadLetter) -> tuple[str, str]:
        return Path(letter.origin.uri).name, letter.status

    with TestPipeline() as p:
        one = Source(first._replace(copies=tuple(others)))
        documents, letters = p | beam.Create([one]) | Read(configuration.limits)
        assert_that(documents | beam.Map(names), equal_to([read] if read else []), label="read")
        assert_that(letters | beam.Map(code), equal_to(failed), label="failed")


def test_a_file_that_is_not_what_the_manifest_says_is_refused(
    tmp_path: Path, configuration: Settings
) -> None:
    (tmp_path / "a").write_bytes(b"another picture")
    with TestPipeline() as p:
        one = p | beam.Create([source(str(tmp_path / "a"))])
        _, letters = one | Read(configuration.limits)
        assert_that(letters | beam.Map(lambda f: f.status), equal_to(["INVALID_ARGUMENT"]))


def test_every_copy_has_its_row_and_its_own_id() -> None:
    copies = (Origin("b", ""), Origin("c", "TIDown", manifest_uri="list.csv", manifest_row=3))
    origin = Origin("a", "TIDa", content_sha256=DIGEST, page=2, copies=copies)
    row = CardRow(origin, "new_back", {"uri": "a", "request_id": "TIDa", "address": "JR. SOL"})
    with TestPipeline() as p:
        rows = p | beam.Create([row]) | ForEachCopy()
        told = rows | beam.Map(lambda r: (r.values["uri"], r.origin.page, r.values["address"]))
        expected = [(uri, 2, "JR. SOL") for uri in "abc"]
        assert_that(told, equal_to(expected), label="rows")
        ids = rows | beam.Map(lambda r: r.values["request_id"][:6]) | beam.combiners.ToList()
        assert_that(
            ids | beam.Map(lambda found: (len(set(found)), "TIDown" in found)),
            equal_to([(3, True)]),
            label="ids",
        )
