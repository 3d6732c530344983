"""Logs: one JSON object a line, with the request they belong to and nothing about persons.

Messages of exceptions are left out, because they may quote what somebody typed; the kind of the exception
and the lines of code it came through are kept.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")
_FRAMES = 20


class JsonFormatter(logging.Formatter):
    """A record as JSON. What a record carries in `told` becomes fields of the line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if known := request_id.get():
            line["request_id"] = known
        line |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
            line["where"] = _where(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _message(self, record: logging.LogRecord) -> str:
        # Arguments of others' messages (paths, form values, addresses) may be personal; the pattern is not.
        own = record.name.startswith("philoxenia")
        return record.getMessage() if own else str(record.msg)


def _where(trace: Any) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-_FRAMES:]
    ]


def logging_settings(debug: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error; readable text where a developer asks for it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "philoxenia_web.config.logs.JsonFormatter"}, "text": {}},
        "handlers": {
            "all": {"class": "logging.StreamHandler", "formatter": "text" if debug else "json"},
        },
        "root": {"handlers": ["all"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Each request has its own line (see requests.py); this one would add the path.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
        },
    }


GRANIAN_LOGGING: dict[str, Any] = {
    "formatters": {"generic": {"()": "philoxenia_web.config.logs.JsonFormatter"}, "access": {}},
    "handlers": {"console": {"formatter": "generic", "class": "logging.StreamHandler"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
