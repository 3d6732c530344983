"""A browser as load needs it: cookies, forms as pages hold them, connections opened again, answers timed."""

import http.client
import random
import re
import threading
import time
import urllib.parse
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus

Fields = list[tuple[str, str]]


@dataclass
class Form:
    """A form of a page, filled in as it was sent."""

    action: str
    method: str
    fields: Fields = field(default_factory=list)
    # Of its buttons and lists to choose from, what may be sent for each.
    buttons: Fields = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page: what is hidden, ticked, chosen or written in them."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.inside: Form | None = None
        self.select = self.text = ""
        self.feed(page.decode("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Of each kind of field, its value."""
        known = {name: value or "" for name, value in attrs}
        name, value = known.get("name", ""), known.get("value", "")
        if tag == "form":
            self.inside = Form(known.get("action", ""), known.get("method", "get").lower())
            self.found.append(self.inside)
        elif self.inside is None:
            return
        elif tag == "button" and name:
            self.inside.buttons.append((name, value))
        elif tag == "input" and name:
            kind = known.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in known:
                self.inside.fields.append((name, value))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in known:
            self.inside.fields.append((self.select, value))
        elif tag == "textarea":
            self.inside.fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        """A form is over."""
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.select = ""


def form(page: bytes, action: str, button: str = "") -> Form | None:
    """The first form of a page that leads there (a pattern) and has that button; None where there is none."""
    for one in Forms(page).found:
        names = {name for name, _value in one.buttons}
        if re.search(action, one.action) and (not button or button in names):
            return one
    return None


@dataclass
class Seen:
    """Milliseconds by kind of answer, what went wrong, and what was begun and written by kind of write.

    `refused` counts writes that were told why they cannot be (409).
    """

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    begun: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """Begin to count anew: the first answers fill caches."""
        self.times.clear()
        self.begun.clear()
        self.written.clear()
        self.refused.clear()


class DayOver(Exception):  # noqa: N818 (nothing went wrong)
    """The day is over in the middle of something."""


class Visitor(threading.Thread):
    """Somebody signed in, who does `round` after round, with thought before each click."""

    def __init__(self, port: int, cookie: str, think: float, seen: Seen) -> None:
        super().__init__(daemon=True)
        self.port, self.cookie, self.think, self.seen = port, cookie, think, seen
        self.over = threading.Event()
        self.chance = random.Random(cookie)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        """Until told that the day is over."""
        self.over.wait(self.chance.uniform(0, self.think * 2))
        while not self.over.is_set():
            try:
                self.round()
            except DayOver:
                return

    def round(self) -> None:
        """What somebody does again and again."""
        raise NotImplementedError

    def look(self, kind: str, path: str) -> bytes:
        """A page."""
        return self._ask("GET", kind, path)[1]

    def submit(self, kind: str, path: str, one: Form, said: Fields, button: str = "") -> tuple[int, bytes]:
        """Send a form of the page at `path`, with what was said in place of what stood there."""
        names = {name for name, _value in said}
        fields = [pair for pair in one.fields if pair[0] not in names] + said
        fields += [pair for pair in one.buttons if pair[0] == button][:1]
        address = urllib.parse.urljoin(path, one.action)
        if one.method == "get":
            return self._ask("GET", kind, f"{address}?{urllib.parse.urlencode(fields)}")
        return self._ask("POST", kind, address, urllib.parse.urlencode(fields))

    def _ask(self, method: str, kind: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """One answer, after some thought; its time counts from the click to the last byte."""
        if self.over.wait(self.chance.expovariate(1 / self.think)):
            raise DayOver
        headers = {"Cookie": self.cookie, "Host": f"localhost:{self.port}", "Accept-Encoding": "identity"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://localhost:{self.port}"
        began = time.perf_counter()
        try:
            answer, content = self._sent(method, path, body, headers)
        except (OSError, http.client.HTTPException) as fault:
            self.connection.close()
            # At the end of the day the server goes while some still ask.
            if not self.over.is_set():
                self.seen.wrong.append(f"{kind}: {type(fault).__name__}")
            return 0, b""
        self.seen.times[kind].append((time.perf_counter() - began) * 1000)
        self._keep(answer)
        if answer.status == HTTPStatus.CONFLICT:
            self.seen.refused[kind] += 1
        elif answer.status >= HTTPStatus.BAD_REQUEST:
            self.seen.wrong.append(f"{kind}: {answer.status}")
        return answer.status, content

    def _sent(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """As browsers do: a connection that was closed while nobody asked is opened again, once."""
        for again in (False, True):
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer, answer.read()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                self.connection.close()
                if again:
                    raise
        raise AssertionError

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for one in answer.headers.get_all("Set-Cookie") or ():
            name = one.partition("=")[0]
            others = [part for part in self.cookie.split("; ") if not part.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, one.partition(";")[0]])
