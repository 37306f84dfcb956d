"""Real S3 and GCS interfaces on the loopback: what they answer becomes the contract's codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from gcp_storage_emulator.server import create_server
from moto.server import ThreadedMotoServer

from pipeline import tables
from tests import unreliable
from tests.conftest import ROOT, run
from tests.unreliable import Proxy, gcs_error, s3_error

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CARD = (ROOT / "samples" / "000001.jpg").read_bytes()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A store that holds one card; credentials are in the environment."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    with unreliable.before(f"http://{host}:{port}") as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.address)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "owner")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        check_keys_after(10**9, proxy.address)
        client = boto3.client("s3")
        client.create_bucket(Bucket="cards")
        client.put_object(Bucket="cards", Key="in/card.jpg", Body=CARD)
        yield proxy
    store.stop()


@pytest.fixture
def gs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Proxy]:
    """A store that holds one card; a service account's key is in the environment."""
    store = create_server("127.0.0.1", 0, in_memory=True, default_bucket="cards")
    store.start()
    host, port = store._api._httpd.socket.getsockname()
    with unreliable.before(f"http://{host}:{port}") as proxy:
        key = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        account = {
            "type": "service_account",
            "client_email": "nightly@cards.example",
            "private_key": key.decode(),
            "token_uri": f"{proxy.address}/token",
        }
        (tmp_path / "account.json").write_text(json.dumps(account))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "account.json"))
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "cards")
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", proxy.address)
        requests.post(
            f"{proxy.address}/upload/storage/v1/b/cards/o?uploadType=media&name=in/card.jpg",
            data=CARD,
            timeout=10,
        )
        proxy.refuse("^/token", 200, '{"access_token": "token", "expires_in": 3600}')
        yield proxy
    store.stop()


def check_keys_after(requests_served: int, address: str) -> None:
    url = f"{address}/moto-api/reset-auth"
    requests.post(url, data=str(requests_served), timeout=10).raise_for_status()


def night(source: str, output: str, name: str) -> dict[str, Any]:
    """A run over everything there; gives the status by file of what failed, and the skipped."""
    done = run("--input", source, "--output", output, "--run_id", name)
    assert done.returncode == 0, done.stderr
    return failures(output)


def listed(tmp_path: Path, store: str, *names: str) -> dict[str, str]:
    """A run over a manifest of these files; gives the status of those that failed."""
    manifest = tmp_path / "list.csv"
    manifest.write_text("\n".join(["uri", *(f"{store}/{name}" for name in names)]))
    output = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
    done = run("--manifest", manifest, "--output", output)
    assert done.returncode == 0, done.stderr
    return failures(str(output))


def failures(output: str) -> dict[str, str]:
    letters = tables.read(output, "dead_letter").to_pylist()
    return {Path(letter["uri"]).name: letter["status"] for letter in letters}


@pytest.mark.parametrize("scheme", ["s3", "gs"])
def test_cards_are_read_from_a_store_and_tables_written_to_it(
    scheme: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(scheme)
    source, output = f"{scheme}://cards/in", f"{scheme}://cards/out"
    for name in ("one", "one", "two"):  # the same again replaces, another skips
        assert night(source, output, name) == {}
    (row,) = tables.read(output, "new_front").to_pylist()
    assert row["uri"] == f"{source}/card.jpg"
    (document,) = tables.read(output, "document").to_pylist()
    assert document["attempts"] == 1


def test_a_store_that_refuses_a_key_says_why(
    s3: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = boto3.client("iam")
    iam.create_user(UserName="stranger")
    stranger = iam.create_access_key(UserName="stranger")["AccessKey"]
    names = ("card.jpg", "none.jpg")
    store = "s3://cards/in"
    assert listed(tmp_path, store, *names) == {"none.jpg": "NOT_FOUND"}

    check_keys_after(0, s3.address)
    assert listed(tmp_path, store, *names) == dict.fromkeys(names, "UNAUTHORIZED")
    assert night(store, str(tmp_path / "pattern"), "one") == {"in": "UNAUTHORIZED"}

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", stranger["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", stranger["SecretAccessKey"])
    assert listed(tmp_path, store, *names) == dict.fromkeys(names, "NO_PERMISSION")


def test_s3_codes(s3: Proxy, tmp_path: Path) -> None:
    s3.refuse("expired", 400, s3_error("ExpiredToken"))
    s3.refuse("quota", 403, s3_error("QuotaExceeded"))
    s3.refuse("card", 503, s3_error("SlowDown"), times=2)
    assert listed(
        tmp_path, "s3://cards/in", "card.jpg", "expired.jpg", "quota.jpg", "none.jpg"
    ) == {
        "expired.jpg": "KEY_EXPIRED",
        "quota.jpg": "OUT_OF_QUOTA",
        "none.jpg": "NOT_FOUND",
    }


def test_a_manifest_may_lie_in_a_store(s3: Proxy, tmp_path: Path) -> None:
    rows = b"uri\ns3://cards/in/card.jpg\ns3://cards/in/none.jpg\n,\n"
    boto3.client("s3").put_object(Bucket="cards", Key="list.csv", Body=rows)
    output = str(tmp_path / "out")
    done = run("--manifest", "s3://cards/list.csv", "--output", output)
    assert done.returncode == 0, done.stderr
    assert failures(output) == {"none.jpg": "NOT_FOUND", "list.csv#3": "INVALID_ARGUMENT"}


def test_what_changes_between_listing_and_reading_is_read_the_next_night(
    s3: Proxy, tmp_path: Path
) -> None:
    store, output = "s3://cards/in", str(tmp_path / "out")
    s3.refuse("/cards/in/card.jpg", 404, s3_error("NoSuchKey"), times=1)
    assert night(store, output, "one") == {"card.jpg": "NOT_FOUND"}
    assert night(store, output, "two") == {}
    blank = (ROOT / "samples" / "truth.json").read_bytes()
    boto3.client("s3").put_object(Bucket="cards", Key="in/card.jpg", Body=blank)
    assert night(store, output, "three") == {"card.jpg": "INVALID_ARGUMENT"}


def test_a_store_that_throttles_for_good_is_left_alone(s3: Proxy, tmp_path: Path) -> None:
    names = [f"slow{i}.jpg" for i in range(5)]
    s3.refuse("slow", 429, s3_error("SlowDown"))
    codes = listed(tmp_path, "s3://cards/in", *names)
    assert codes == dict.fromkeys(names, "RATE_LIMIT_EXCEEDED")
    assert len({path for path in s3.asked if "slow" in path}) == 1  # by the one worker


def test_gcs_codes(gs: Proxy, tmp_path: Path) -> None:
    gs.refuse("forbidden", 403, gcs_error(403, "forbidden"))
    gs.refuse("quota", 403, gcs_error(403, "quotaExceeded"))
    gs.refuse("unknown", 401, gcs_error(401, "authError"))
    gs.refuse("card", 429, gcs_error(429, "rateLimitExceeded"), times=2)
    names = ("card.jpg", "none.jpg", "forbidden.jpg", "quota.jpg", "unknown.jpg")
    assert listed(tmp_path, "gs://cards/in", *names) == {
        "none.jpg": "NOT_FOUND",
        "forbidden.jpg": "NO_PERMISSION",
        "quota.jpg": "OUT_OF_QUOTA",
        "unknown.jpg": "UNAUTHORIZED",
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Invalid JWT Signature.", "UNAUTHORIZED"),
        ("Token has been expired or revoked.", "KEY_EXPIRED"),
    ],
)
def test_a_service_account_that_google_refuses(
    gs: Proxy, tmp_path: Path, said: str, code: str
) -> None:
    gs.refusals.clear()
    refusal = {"error": "invalid_grant", "error_description": said}
    gs.refuse("^/token", 400, json.dumps(refusal))
    assert listed(tmp_path, "gs://cards/in", "card.jpg") == {"card.jpg": code}


@pytest.mark.parametrize(
    ("uri", "complaint"),
    [("s3://cards/in", "s3:// needs credentials"), ("gs://cards/in", "gs:// needs credentials")],
)
def test_a_store_is_not_asked_without_credentials(
    uri: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    done = run("--input", uri, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert complaint in done.stderr
