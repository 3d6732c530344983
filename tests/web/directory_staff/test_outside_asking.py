"""Whoever answers slowly is cut off, at whatever moment the time is over."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from philoxenia_web.outside.asking import send
from philoxenia_web.outside.guard import Target


class Watch:
    """A clock that strikes when a test says so."""

    last: Callable[[], None]

    def __init__(self, _seconds: float, strikes: Callable[[], None]) -> None:
        Watch.last = staticmethod(strikes)

    def start(self) -> None:
        """Nothing happens by itself."""

    cancel = start


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A computer of somebody else that takes the connection and never says anything."""
    ours, theirs = socket.socketpair()
    at: dict[str, Any] = {"connecting": lambda: None}

    def connect(*_told: object) -> socket.socket:
        at["connecting"]()
        return ours

    monkeypatch.setattr(threading, "Timer", Watch)
    monkeypatch.setattr(socket, "create_connection", connect)
    yield at
    theirs.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_time_that_is_over_while_it_connects_ends_it(silent: dict[str, Any], scheme: str) -> None:
    silent["connecting"] = lambda: Watch.last()
    with pytest.raises(TimeoutError):
        send(Target(scheme, "hooks.example.org", "93.184.216.34", "/"), 60, b"{}", {})


def test_time_that_is_over_in_the_handshake_ends_it(
    silent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = ssl.SSLSocket.do_handshake

    def handshake(one: ssl.SSLSocket) -> None:
        Watch.last()
        begin(one)

    monkeypatch.setattr(ssl.SSLSocket, "do_handshake", handshake)
    with pytest.raises(TimeoutError):
        send(Target("https", "hooks.example.org", "93.184.216.34", "/"), 60, b"{}", {})
