"""How mails leave: through the server that is named, or as files in var/outbox where none is."""

from typing import Any
from urllib.parse import unquote, urlsplit

from philoxenia_web.config.environment import Environment

_PORTS = {"smtp": 587, "smtps": 465}


def email_settings(environment: Environment) -> dict[str, Any]:
    """Django's settings for mails."""
    known = {"DEFAULT_FROM_EMAIL": environment.email_from, "SERVER_EMAIL": environment.email_from}
    if not environment.email_url:
        return known | {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(environment.var / "outbox"),
        }
    parts = urlsplit(environment.email_url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("PHILOXENIA_EMAIL_URL must look like smtp://user:password@host:587 or smtps://...")
    return known | {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        # A mail holds a link that opens an account: without encryption only to this very machine.
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.hostname not in ("localhost", "127.0.0.1", "::1"),
        "EMAIL_TIMEOUT": 20,
    }
