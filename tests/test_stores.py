"""A real S3 interface on the loopback: what it answers becomes the contract's codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from pipeline import tables
from tests.conftest import ROOT, run

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SAMPLE = ROOT / "samples" / "000001.jpg"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a store that holds one card; credentials are in the environment."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    address = f"http://{host}:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client = boto3.client("s3")
    client.create_bucket(Bucket="cards")
    client.put_object(Bucket="cards", Key="in/card.jpg", Body=SAMPLE.read_bytes())
    yield address
    store.stop()


def test_cards_are_read_from_a_store_and_tables_written_to_it(server: str) -> None:
    for night, expected in (("one", (1, 0)), ("two", (0, 1))):
        arguments = ["--input", "s3://cards/in", "--output", "s3://cards/out", "--run_id", night]
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        record = json.load(
            boto3.client("s3").get_object(Bucket="cards", Key=f"out/_runs/{night}.json")["Body"]
        )
        assert (record.get("documents", 0), record.get("skipped", 0)) == expected
    (row,) = tables.read("s3://cards/out", "new_front").to_pylist()
    assert row["uri"] == "s3://cards/in/card.jpg"


def test_a_store_that_refuses_says_why(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName="stranger")
    stranger = iam.create_access_key(UserName="stranger")["AccessKey"]
    listed = tmp_path / "list.csv"
    listed.write_text("uri\ns3://cards/in/card.jpg\ns3://cards/in/none.jpg\n")
    assert codes(listed, tmp_path / "owner") == {"none.jpg": "NOT_FOUND"}

    requests.post(f"{server}/moto-api/reset-auth", data="0", timeout=10)  # keys are checked now
    unknown = {"card.jpg": "UNAUTHORIZED", "none.jpg": "UNAUTHORIZED"}
    assert codes(listed, tmp_path / "unknown") == unknown
    done = run("--input", "s3://cards/in", "--output", tmp_path / "pattern", "--run_id", "night")
    assert done.returncode == 0, done.stderr
    (letter,) = dead_letters(tmp_path / "pattern")
    assert (letter["status"], letter["stage"]) == ("UNAUTHORIZED", "list")

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", stranger["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", stranger["SecretAccessKey"])
    forbidden = {"card.jpg": "NO_PERMISSION", "none.jpg": "NO_PERMISSION"}
    assert codes(listed, tmp_path / "forbidden") == forbidden


def dead_letters(output: Path) -> list[dict[str, Any]]:
    letters: list[dict[str, Any]] = tables.read(str(output), "dead_letter").to_pylist()
    return letters


def codes(manifest: Path, output: Path) -> dict[str, str]:
    done = run("--manifest", manifest, "--output", output)
    assert done.returncode == 0, done.stderr
    return {Path(letter["uri"]).name: letter["status"] for letter in dead_letters(output)}


def test_a_store_is_not_asked_without_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    done = run("--input", "s3://cards/in", "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "s3:// needs credentials" in done.stderr
