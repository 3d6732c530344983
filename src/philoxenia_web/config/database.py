"""Which database this process uses, and as whom: the application writes rows, the owner makes tables."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from philoxenia_web.config import postgres
from philoxenia_web.config.environment import Environment

_LOCK_TIMEOUT_SECONDS = 10
_IDLE_TIMEOUT_SECONDS = 60


def database_address(environment: Environment) -> str:
    """The address for this process's role: the one that was given, or that of the embedded PostgreSQL."""
    if environment.database_url or environment.database_owner_url:
        return environment.database_owner_url if environment.as_owner else environment.database_url
    role = postgres.OWNER if environment.as_owner else postgres.APPLICATION
    return postgres.address(postgres.place_of(environment.var), role)


def database_settings(environment: Environment) -> dict[str, Any]:
    """Django's settings of the database for this process."""
    settings = settings_of(database_address(environment))
    if environment.as_owner:
        return settings
    settings["OPTIONS"] |= _patience(environment.statement_timeout_seconds)
    # A database that was started again is noticed before a request or job meets a dead connection.
    settings["CONN_HEALTH_CHECKS"] = True
    if environment.pool:
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": environment.pool, "timeout": 10}
    return settings


def settings_of(url: str) -> dict[str, Any]:
    """Django's settings for an address such as postgresql://user:password@host:port/name?host=/socket."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


def _patience(statement_timeout_seconds: int) -> dict[str, str]:
    """No statement, lock or forgotten transaction holds the others up for long."""
    timeouts = {
        "statement_timeout": statement_timeout_seconds,
        "lock_timeout": _LOCK_TIMEOUT_SECONDS,
        "idle_in_transaction_session_timeout": _IDLE_TIMEOUT_SECONDS,
    }
    return {"options": " ".join(f"-c {name}={seconds}s" for name, seconds in timeouts.items())}
