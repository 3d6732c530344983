"""A window of Chromium on an address of this machine: a browser keeps nothing for a page without one."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.journeys.browser import browser


class _Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>x</title>")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """An address of this machine: a browser keeps nothing for a page without one."""
    server = HTTPServer(("127.0.0.1", 0), _Empty)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def window(origin: str) -> Iterator[Page]:
    """One window for the whole file."""
    with browser() as started:
        context = started.new_context()
        page = context.new_page()
        page.goto(origin)
        yield page
        context.close()
