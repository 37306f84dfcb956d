"""Nights that go wrong, and whether every document still ends up in one place.

`python -m benchmarks.nights --documents 400 --nights 5 --seed 7`. Each night documents arrive in an
S3 interface on the loopback, one in twenty broken, and the real command runs over the store:

1. undisturbed;
2. killed half-way, and run again;
3. the credentials expire half-way;
4. the store throttles for a moment, and for good in the last quarter;
5. undisturbed, and run once more under the same name.

Nights beyond these are undisturbed. Then one run reads the whole store into another output, and
the tables are compared.
"""

import argparse
import json
import logging
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from moto.server import ThreadedMotoServer

from benchmarks.agreement import compared, standing
from benchmarks.peers import PRICE_PER_CORE_HOUR
from pipeline import tables
from specimens.sets import draw_set
from tests import unreliable
from tests.unreliable import Proxy, s3_error

_BROKEN = 20
"""One document in so many is broken."""
_STORE = "s3://backlog/inbox"
_COUNTS = ("listed", "skipped", "documents", "with_cards")
Action = Callable[[Proxy, int, subprocess.Popen[str]], None]


class Night(NamedTuple):
    """What a run came to."""

    what: str
    record: dict[str, Any]
    seconds: float
    cpu_seconds: float
    requests: int


def main() -> int:
    """The command line; exit code 1 if a document is not where it belongs."""
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nights", description=__doc__)
    parser.add_argument("--documents", type=int, default=400, help="that arrive each night")
    parser.add_argument("--nights", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--set", type=Path, help="files drawn before, instead of new ones")
    known = parser.parse_args()
    count = known.documents * known.nights
    with tempfile.TemporaryDirectory() as folder, _store() as proxy:
        drawn = known.set or Path(folder, "set")
        if known.set is None:
            draw_set(drawn, count - count // _BROKEN, known.seed)
        contents = _arriving(drawn, count, random.Random(known.seed))
        output = f"{folder}/out"
        print(_heading())
        for number in range(1, known.nights + 1):
            for _ in range(known.documents):
                name, content = next(contents)
                boto3.client("s3").put_object(Bucket="backlog", Key=f"inbox/{name}", Body=content)
            for what, action in _PLANS.get(number, [("", None)]):
                night = _night(proxy, output, f"night-{number}", known.documents, action, what)
                print(_line(f"{number}", night), flush=True)
        clean = _night(proxy, f"{folder}/clean", "clean", count, None, "one clean run")
        print(_line("all", clean), flush=True)
        return _compare(output, f"{folder}/clean", count)


@contextmanager
def _store() -> Iterator[Proxy]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with unreliable.before(f"http://{host}:{port}") as proxy:
        os.environ |= {
            "AWS_ENDPOINT_URL": proxy.address,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "owner",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        boto3.client("s3").create_bucket(Bucket="backlog")
        yield proxy
    server.stop()


def _arriving(drawn: Path, count: int, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Names and contents of documents, one in so many of them broken."""
    paths = sorted(path for path in drawn.iterdir() if path.name != "truth.json")
    for number in range(count):
        if number % _BROKEN:
            path = paths.pop(0)
            yield f"{number:06}{path.suffix}", path.read_bytes()
        else:
            whole = paths[0].read_bytes()
            yield (
                f"{number:06}.jpg",
                rng.choice(
                    [
                        b"",
                        b"not a picture",
                        whole[: len(whole) // 3],
                        rng.randbytes(10_000),
                        whole + bytes(6 * 1024 * 1024),
                    ]
                ),
            )


def _read(proxy: Proxy) -> int:
    """How many documents have been asked for since the store was set up."""
    return sum(path.startswith("/backlog/inbox/") for path in proxy.asked)


def _wait(proxy: Proxy, documents: float, process: subprocess.Popen[str], before: int) -> None:
    while process.poll() is None and _read(proxy) - before < documents:
        time.sleep(0.02)


def _kill(proxy: Proxy, documents: int, process: subprocess.Popen[str]) -> None:
    _wait(proxy, documents, process, _read(proxy))
    os.killpg(process.pid, signal.SIGKILL)


def _expire(proxy: Proxy, documents: int, process: subprocess.Popen[str]) -> None:
    _wait(proxy, documents, process, _read(proxy))
    proxy.refuse("/backlog", 400, s3_error("ExpiredToken"))


def _throttle(proxy: Proxy, documents: int, process: subprocess.Popen[str]) -> None:
    before = _read(proxy)
    _wait(proxy, documents / 2, process, before)
    proxy.refuse("/backlog", 503, s3_error("SlowDown"), times=10)
    _wait(proxy, documents * 1.5, process, before)
    proxy.refuse("/backlog", 429, s3_error("TooManyRequests"))


_PLANS: dict[int, list[tuple[str, Action | None]]] = {
    2: [("killed half-way", _kill), ("run again", None)],
    3: [("credentials expire", _expire)],
    4: [("throttled", _throttle)],
    5: [("", None), ("same name again", None)],
}
"""What happens in a night, if anything does."""


def _night(
    proxy: Proxy, output: str, name: str, documents: int, action: Action | None, what: str
) -> Night:
    """Run the real command, and let happen what may, half-way through the new documents."""
    proxy.refusals.clear()
    asked, used, started = len(proxy.asked), _cpu(), time.monotonic()
    command = [sys.executable, "-m", "pipeline", "--input", _STORE, "--output", output]
    process = subprocess.Popen(
        [*command, "--run_id", name],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    if action:
        threading.Thread(target=action, args=(proxy, documents // 2, process)).start()
    process.wait()
    proxy.refusals.clear()
    path = Path(output, "_runs", f"{name}.json")
    record = json.loads(path.read_text()) if path.exists() else {}
    spent = time.monotonic() - started, _cpu() - used
    return Night(what, record, *spent, len(proxy.asked) - asked)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _line(name: str, night: Night) -> str:
    record = night.record
    codes = ", ".join(f"{k} {v}" for k, v in sorted(record.get("dead_letters", {}).items()))
    dollars = night.cpu_seconds / 3600 * PRICE_PER_CORE_HOUR
    counts = "".join(f"{record.get(key, 0):>8}" for key in _COUNTS)
    return (
        f"{name:<9}{night.what:<20}{counts}{night.requests:>10}{night.seconds:>7.0f}"
        f"{night.cpu_seconds:>7.0f}{dollars:>8.4f}  {codes if record else 'not committed'}"
    )


def _heading() -> str:
    counts = "".join(f"{name:>8}" for name in ("listed", "skipped", "read", "cards"))
    return (
        f"{'night':<9}{'':<20}{counts}{'requests':>10}{'s':>7}{'CPU s':>7}{'USD':>8}  dead letters"
    )


def _compare(output: str, clean: str, count: int) -> int:
    """Print what became of the documents, and whether the tables are those of one clean run."""
    outcomes = tables.read(output, "document").to_pylist()
    print(f"\n{'outcome':<24}{'documents':>10}")
    settled = Counter(row["status"] or "cards" for row in outcomes)
    for outcome, documents in sorted(settled.items()):
        print(f"{outcome:<24}{documents:>10}")
    times = Counter(Counter(row["identity"] for row in outcomes).values())
    print(f"documents with one outcome: {times[1]} of {count}; with several: {len(times) - 1}")
    ours, theirs = (standing(folder, frozenset({"attempts"})) for folder in (output, clean))
    different = compared(ours, theirs, "clean run")
    return 0 if different == 0 and times == {1: count} else 1


if __name__ == "__main__":
    sys.exit(main())
