"""What a request asks for: parameters of HSDS 3.1 and of the UK profile, from the address or from a body."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from philoxenia_web.directory.hsds.problems import Problem, invalid

PER_PAGE, MOST_PER_PAGE = 25, 500
_MOST_PAGES = 1_000_000
_LONGEST = 300
_YES, _NO = ("true", "1", "yes", ""), ("false", "0", "no")
_DAYS = {
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA",
    "sunday": "SU",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request that was understood."""

    search: str = ""
    page: int = 1
    per_page: int = PER_PAGE
    format: str = "json"
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    full_organization: bool = False
    postcode: str = ""
    proximity: float | None = None
    top_only: bool = False
    parent_id: UUID | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    start_time: str = ""
    end_time: str = ""
    day: str = ""


def asked(request: HttpRequest) -> Asked:
    """Read a request; a `Problem` names the first parameter that cannot be read. Unknown ones are ignored."""
    given = _given(request)
    read = {name: _READERS[name](name, value) for name, value in given.items() if name in _READERS}
    return Asked(**{name: value for name, value in read.items() if value is not None})


def _given(request: HttpRequest) -> dict[str, str]:
    """Parameters of the address, and of the body where there is one: JSON or a form."""
    given = {name: str(value) for name, value in request.GET.items()}
    if request.method != "POST":
        return given
    if request.content_type == "application/json":
        return given | {name: _text(value) for name, value in _body(request).items()}
    return given | {name: str(value) for name, value in request.POST.items()}


def _body(request: HttpRequest) -> Mapping[str, Any]:
    try:
        read = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise Problem(400, "Bad request", "The body is not JSON.") from None
    if not isinstance(read, dict):
        raise Problem(400, "Bad request", "The body must be a JSON object of parameters.")
    return read


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _words(name: str, value: str) -> str:
    if len(value) > _LONGEST:
        raise invalid(name, f"at most {_LONGEST} characters long")
    return value.replace("\x00", "").strip()


def _whole(least: int, most: int) -> Callable[[str, str], int | None]:
    def read(name: str, value: str) -> int | None:
        if not value:
            return None
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or int(value) < least:
            raise invalid(name, f"a whole number from {least}")
        return min(int(value), most)

    return read


def _number(name: str, value: str) -> float | None:
    if not value:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
        raise invalid(name, "a number")
    return float(value)


def _flag(name: str, value: str) -> bool:
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise invalid(name, "true or false")


def _id(name: str, value: str) -> UUID | None:
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        # A well-formed question about a record that cannot exist: nothing is found.
        return UUID(int=0)


def _moment(name: str, value: str) -> datetime | None:
    if not value:
        return None
    text = value.strip().replace(" ", "+") if re.search(r"\d \d\d:?\d\d$", value.strip()) else value.strip()
    try:
        read = parse_datetime(text) or parse_datetime(f"{text}T00:00:00")
    except ValueError:
        read = None
    if read is None:
        raise invalid(name, "a date or a moment, such as 2026-11-22T10:00:00Z")
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _clock(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        return time.fromisoformat(value).strftime("%H:%M")
    except ValueError:
        raise invalid(name, "a time, such as 09:00") from None


def _day(name: str, value: str) -> str:
    if not value:
        return ""
    found = _DAYS.get(value.lower(), value.upper()[:2])
    if found not in _DAYS.values():
        raise invalid(name, "a day of the week, such as MO or Monday")
    return found


def _format(name: str, value: str) -> str:
    if value.lower() not in ("", "json", "ndjson"):
        raise invalid(name, "json or ndjson")
    return value.lower() or "json"


_READERS: dict[str, Callable[[str, str], Any]] = {
    "search": _words,
    "page": _whole(1, _MOST_PAGES),
    "per_page": _whole(1, MOST_PER_PAGE),
    "format": _format,
    "taxonomy_term_id": _id,
    "taxonomy_id": _id,
    "organization_id": _id,
    "modified_after": _moment,
    "minimal": _flag,
    "full": _flag,
    "full_service": _flag,
    "full_organization": _flag,
    "postcode": _words,
    "proximity": _number,
    "top_only": _flag,
    "parent_id": _id,
    "minimum_age": _number,
    "maximum_age": _number,
    "start_time": _clock,
    "end_time": _clock,
    "day": _day,
}
