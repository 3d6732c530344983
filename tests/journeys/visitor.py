"""Somebody signed in who sends forms without a browser, as often as it takes until they are answered."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests
from tests.journeys.demonstration import Demonstration
from tests.journeys.served import until

Files = dict[str, tuple[str, bytes]]
_PATIENCE_SECONDS = 60


@dataclass
class Form:
    """A form of a page with what it would send as it stands; buttons with a name are left to the sender."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select, self._first = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or something of it."""
        has = {name: value or "" for name, value in attrs}
        name, value = has.get("name", ""), has.get("value", "")
        if tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif not self.forms:
            return
        elif tag == "button" and name:
            self.forms[-1].buttons.append((name, value))
        elif tag == "select":
            self._select, self._first = name, "multiple" not in has
        elif tag == "option" and (self._first or "selected" in has):
            # The first is what a browser sends where none is chosen.
            self.forms[-1].values.pop(self._select, None)
            self._add(self._select, value)
            self._first = False
        elif tag == "textarea" or (tag == "input" and has.get("type") not in ("checkbox", "radio", "file")):
            self._add(name, value)
        elif tag == "input" and "checked" in has:
            self._add(name, value or "on")

    def _add(self, name: str, value: str) -> None:
        if name:
            self.forms[-1].values.setdefault(name, []).append(value)


class Visitor:
    """One person's cookies. What is not answered, for whatever reason, is asked again."""

    def __init__(self, demo: Demonstration, role: str) -> None:
        self.base, self._session = demo.base, requests.Session()
        for cookie in demo.cookies(role):
            self._session.cookies.set(cookie["name"], cookie["value"])

    def page(self, path: str) -> str:
        """A page, once it is answered."""
        found: list[requests.Response] = []

        def answered() -> bool:
            with suppress(requests.RequestException):
                answer = self._session.get(self.base + path, timeout=_PATIENCE_SECONDS)
                found.append(answer)
                return answer.status_code < requests.codes.server_error
            return False

        until(answered)
        assert found[-1].ok, (path, found[-1].status_code, found[-1].text[:2000])
        return found[-1].text

    def form(self, path: str, sign: str) -> Form:
        """A form of a page that is sent by POST, by its action, a field or a button's value."""
        return form_of(self.page(path), path, sign)

    def send(self, form: Form, files: Files | None = None, **more: Any) -> str:
        """Send a form, with its key, until it is answered; where that leads."""
        led: list[str] = []

        def answered() -> bool:
            with suppress(requests.RequestException):
                answer = self._post(form, files, more)
                if answer.is_redirect:
                    led.append(answer.headers["Location"])
                else:
                    assert answer.status_code >= requests.codes.server_error, (
                        form.action,
                        answer.text[-3000:],
                    )
            return bool(led)

        until(answered)
        return led[-1].removeprefix(self.base)

    def post(self, form: Form, **more: Any) -> str:
        """Send a form once; the page that answers."""
        return self._post(form, None, more).text

    def _post(self, form: Form, files: Files | None, more: dict[str, Any]) -> requests.Response:
        return self._session.post(
            self.base + form.action,
            {**form.values, **more},
            files=files,
            headers={"Origin": self.base},
            timeout=_PATIENCE_SECONDS,
            allow_redirects=False,
        )


def form_of(page: str, path: str, sign: str) -> Form:
    """A form of a page that was answered at a path."""
    reader = _Forms()
    reader.feed(page)
    for one in reader.forms:
        named = {one.action, *one.values, *(part for button in one.buttons for part in button)}
        if one.method == "post" and sign in named:
            one.action = one.action or path
            return one
    raise AssertionError((path, sign, [(one.action, sorted(one.values)) for one in reader.forms]))


def links(page: str, pattern: str) -> list[str]:
    """Addresses of a page's links, each once."""
    return list(dict.fromkeys(re.findall(rf'href="({pattern})"', page)))
