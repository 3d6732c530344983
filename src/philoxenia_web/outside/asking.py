"""One request to a checked address, over a connection that can go nowhere else, within a bounded time."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from philoxenia_web.outside.guard import Target

# Of an answer to a message no more is read: only its status counts.
_READ_BYTES = 4096
# These say that HEAD itself was not understood.
_ASK_AGAIN = (400, 403, 404, 405, 406, 501)


@dataclass(frozen=True)
class Reply:
    """What answered: the status, and where it leads on."""

    status: int
    location: str = ""


Fetch = Callable[[Target, float], Reply]
Send = Callable[[Target, float, bytes, Mapping[str, str]], Reply]


class _Pinned(http.client.HTTPConnection):
    """A connection to the checked address, whatever the name stands for by now."""

    def __init__(self, checked: Target, seconds: float) -> None:
        super().__init__(checked.host, checked.port, timeout=seconds)
        self.checked = checked
        # Set when its time is over, whatever it does just then.
        self.is_late = False
        # The header Host names no port that is the scheme's own.
        self.default_port = checked.port

    def connect(self) -> None:
        """Open it; a proxy named in the environment is not asked."""
        self.sock = socket.create_connection((self.checked.ip, self.checked.port), self.timeout)
        if self.checked.scheme == "https":
            context = ssl.create_default_context()
            # The watch must know the socket before the other side may take its time over the handshake.
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.checked.host, do_handshake_on_connect=False
            )
        if self.is_late:
            raise TimeoutError
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def cut(self) -> None:
        """Its time is over: whatever waits for the other side ends."""
        self.is_late = True
        if self.sock is not None:
            with suppress(OSError):
                # Of the socket itself: to end the encryption as well, both sides would have to take part.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def fetch(checked: Target, seconds: float, agent: str = "Philoxenia link check") -> Reply:
    """Ask with HEAD, and with GET where that is not understood; what is answered is not read.

    Raises `OSError` or `http.client.HTTPException`.
    """
    headers = {"User-Agent": agent, "Accept": "*/*", "Connection": "close"}
    reply = _ask("HEAD", checked, seconds, headers)
    return _ask("GET", checked, seconds, headers) if reply.status in _ASK_AGAIN else reply


def send(checked: Target, seconds: float, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Send a message with POST; where an answer leads on is told and never followed.

    Raises `OSError` or `http.client.HTTPException`.
    """
    return _ask("POST", checked, seconds, {**headers, "Connection": "close"}, body)


def _ask(
    method: str, checked: Target, seconds: float, headers: Mapping[str, str], body: bytes | None = None
) -> Reply:
    connection = _Pinned(checked, seconds)
    # The timeout of a socket is for each piece: whoever sends a letter a second is cut off as well.
    watch = threading.Timer(seconds, connection.cut)
    watch.start()
    try:
        connection.request(method, checked.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        if body is not None:
            answer.read(_READ_BYTES)
        return Reply(answer.status, answer.headers.get("Location", ""))
    except (OSError, http.client.HTTPException) as fault:
        if connection.is_late:
            raise TimeoutError from fault
        raise
    finally:
        watch.cancel()
        connection.close()
