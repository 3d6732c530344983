"""Kinds of values that requests may carry, as strict as the document says they are."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

_DIGITS = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# No control characters but tab and line breaks.
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")


def _shaped(pattern: re.Pattern[str], words: str) -> BeforeValidator:
    """Text of one shape only: the libraries would also take other spellings, numbers and spaces."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise ValueError(words)
        if not isinstance(value, str):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 12.0 is as whole as 12."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain_number(value: Any) -> Any:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("Write a whole number in digits.")
    return int(value) if isinstance(value, str) else value


def number(low: int, high: int) -> Any:
    """A whole number in an address, where everything is text."""
    return Annotated[int, Field(ge=low, le=high), BeforeValidator(_plain_number)]


def whole(low: int, high: int) -> Any:
    """A whole number in a body."""
    return Annotated[int, Field(ge=low, le=high), BeforeValidator(_whole)]


Text = Annotated[str, Field(pattern=PRINTABLE)]
Id = Annotated[UUID, Strict(False), _shaped(_UUID, "Write a UUID with its hyphens.")]
Day = Annotated[date, Strict(False), _shaped(_DAY, "Write a day as 2026-01-31.")]
Moment = Annotated[datetime, Strict(False), _shaped(_MOMENT, "Write a moment as 2026-01-31T09:00:00Z.")]
RoleName = Literal[
    "planner",
    "data_steward",
    "caseworker",
    "partner",
    "auditor",
    "administrator",
    "reviewer",
    "editor",
    "translator",
    "supervisor",
]
YesNo = Literal["true", "false"]
Name = Annotated[Text, Field(min_length=1, max_length=200)]


class Body(BaseModel):
    """What a request may carry: these fields, of these types, and no other."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What an endpoint answers: these fields and no other."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
