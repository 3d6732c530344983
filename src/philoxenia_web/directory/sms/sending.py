"""Text messages that leave: what a provider's adapter must do, and which one this installation has.

An adapter is a class named by its dotted path (`SMS_ADAPTER`), made without arguments. The same `key` may be
handed over twice, after a server died in between; a provider that knows keys sends it once.
"""

import json
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from philoxenia_web.directory.sms.parts import plainer, split


class NotTaken(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """The provider did not take it. `again`: whether trying later may help. The message names no number."""

    def __init__(self, said: str, *, again: bool) -> None:
        super().__init__(said)
        self.again = again


class Adapter(Protocol):
    """What sends a text message."""

    def send(self, number: str, parts: list[str], key: UUID) -> None:
        """Hand it over. Raises `NotTaken`."""


class Outbox:
    """Messages become files in var/outbox: for trying out, as mails do where no server is named."""

    def send(self, number: str, parts: list[str], key: UUID) -> None:
        """Write a file; the same key again writes the same one."""
        folder = Path(settings.ENVIRONMENT.var) / "outbox"
        folder.mkdir(parents=True, exist_ok=True)
        told = {"to": number, "parts": parts}
        (folder / f"sms-{key}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


@cache
def _made(name: str) -> Adapter:
    return import_string(name)()  # type: ignore[no-any-return]


def adapter() -> Adapter | None:
    """This installation's; None where text messages cannot leave. A demonstration has the outbox."""
    name = getattr(settings, "SMS_ADAPTER", "")
    if name:
        return _made(name)
    return Outbox() if settings.ENVIRONMENT.demo else None


def parts_of(text: str, most: int) -> list[str]:
    """A text as the messages it takes, in the plainest signs it can be written in."""
    return [one.text for one in split(plainer(text), most)]
