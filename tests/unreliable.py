"""A proxy before a real store, which refuses or throttles what a test says."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

_HOP_BY_HOP = (
    "connection", "content-encoding", "content-length", "date", "server", "transfer-encoding",
)  # fmt: skip


@dataclass
class Refusal:
    """Requests whose path matches are answered like this, the first `times` of them."""

    path: str
    status: int
    body: str
    times: float = float("inf")


@dataclass
class Proxy:
    """Passes everything on to a store but what is refused."""

    address: str
    refusals: list[Refusal] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Paths of all requests so far."""

    def refuse(self, path: str, status: int, body: str, times: float = float("inf")) -> None:
        self.refusals.append(Refusal(path, status, body, times))

    def refusal(self, path: str) -> Refusal | None:
        self.asked.append(path)
        for refusal in self.refusals:
            if refusal.times > 0 and re.search(refusal.path, path):
                refusal.times -= 1
                return refusal
        return None


def s3_error(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>refused</Message></Error>"


def gcs_error(status: int, reason: str) -> str:
    return (
        f'{{"error": {{"code": {status}, "message": "refused", '
        f'"errors": [{{"reason": "{reason}", "message": "refused"}}]}}}}'
    )


@contextmanager
def before(store: str) -> Iterator[Proxy]:
    """A proxy before the store at an address; its own is `proxy.address`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            refusal = proxy.refusal(self.path)
            if refusal:
                kind = "application/json" if refusal.body.startswith("{") else "application/xml"
                self.send(refusal.status, refusal.body.encode(), {"Content-Type": kind})
                return
            passed = requests.request(
                self.command, store + self.path, data=body, headers=dict(self.headers), timeout=30
            )
            headers = {k: v for k, v in passed.headers.items() if k.lower() not in _HOP_BY_HOP}
            length = passed.headers.get("Content-Length") if self.command == "HEAD" else None
            self.send(passed.status_code, passed.content, headers, length)

        def send(
            self, status: int, body: bytes, headers: dict[str, str], length: str | None = None
        ) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", length or str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
