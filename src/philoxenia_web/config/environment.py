"""What the application is told from outside, read once. No other module looks at the environment."""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

LOCAL = "http://localhost:8000"


@dataclass(frozen=True)
class Environment:
    """One installation's settings; each field's variable is its name in capitals with PHILOXENIA_ before it.

    The two addresses of the database are DATABASE_URL (the application's role) and DATABASE_OWNER_URL (the
    role that owns the tables; used only to migrate, back up and restore).
    """

    var: Path
    city: Path
    hosts: tuple[str, ...]
    # Where people find it; https:// turns on secure cookies and strict transport security.
    url: str
    debug: bool
    demo: bool
    secret_key: str
    # Where keys of agreements lie, outside every backup; the master keys that wrap them, the current one
    # first, separated by commas. Without any they are in the file `master` of that folder.
    keys: Path
    registry_keys: tuple[str, ...]
    database_url: str
    database_owner_url: str
    # Whether this process makes and changes tables. Never true for the web and worker processes.
    as_owner: bool
    # Connections a web process keeps open; 0: none.
    pool: int
    statement_timeout_seconds: int
    # Whether a proxy in front, and nobody else, sets X-Forwarded-Proto and X-Forwarded-For.
    behind_proxy: bool
    # Opens /metrics to whoever sends it as a bearer token; without one only this machine may look.
    metrics_token: str
    # smtp://user:password@host:port, smtps:// for TLS at once; empty: mails become files in var/outbox.
    email_url: str
    email_from: str
    # Whether `philoxenia serve` started this process and watches it.
    supervised: bool
    # Who must use a second factor: staff, everyone, or in a demonstration nobody.
    second_factor: str
    # Minutes without a click, and hours in all, after which somebody signs in again.
    idle_minutes: int
    absolute_hours: int
    # The city's own sign-in (OpenID Connect); whether it asks for a second factor itself.
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    oidc_has_second_factor: bool
    # How often a token may ask the API in a minute; the origins whose pages may ask with a token.
    api_requests_per_minute: int
    api_origins: tuple[str, ...]
    # What the SMS provider signs its requests with; without it the webhook is off.
    sms_secret: str
    # The dotted name of what sends text messages; empty: none are sent.
    sms_adapter: str
    # The dotted name of what drafts translations of public texts; empty: nothing does.
    machine_translator: str


@cache
def environment() -> Environment:
    """The environment of this process."""
    var = Path(_told("VAR", "var")).resolve()
    url = _told("URL", LOCAL).rstrip("/")
    return Environment(
        var=var,
        city=Path(_told("CITY", "cities/toronto")).resolve(),
        hosts=_hosts(_told("HOSTS"), url),
        url=url,
        debug=_told("DEBUG") == "1",
        demo=_told("DEMO") == "1",
        secret_key=_told("SECRET_KEY") or kept_secret(var / "secret-key"),
        keys=Path(_told("KEYS") or var / "keys").resolve(),
        registry_keys=tuple(filter(None, (one.strip() for one in _told("REGISTRY_KEYS").split(",")))),
        database_url=os.environ.get("DATABASE_URL", ""),
        database_owner_url=os.environ.get("DATABASE_OWNER_URL", ""),
        as_owner=_told("AS_OWNER") == "1",
        pool=int(_told("POOL", "0")),
        statement_timeout_seconds=int(_told("STATEMENT_TIMEOUT_SECONDS", "20")),
        behind_proxy=_told("BEHIND_PROXY") == "1",
        metrics_token=_told("METRICS_TOKEN"),
        email_url=_told("EMAIL_URL"),
        email_from=_told("EMAIL_FROM", "philoxenia@localhost"),
        second_factor=_second_factor(_told("SECOND_FACTOR", "staff"), _told("DEMO") == "1"),
        idle_minutes=int(_told("IDLE_MINUTES", "60")),
        absolute_hours=int(_told("ABSOLUTE_HOURS", "12")),
        oidc_issuer=_told("OIDC_ISSUER").rstrip("/"),
        oidc_client_id=_told("OIDC_CLIENT_ID"),
        oidc_client_secret=_told("OIDC_CLIENT_SECRET"),
        oidc_name=_told("OIDC_NAME", "OpenID Connect"),
        oidc_has_second_factor=_told("OIDC_HAS_SECOND_FACTOR") == "1",
        supervised=_told("SUPERVISED") == "1",
        api_requests_per_minute=int(_told("API_REQUESTS_PER_MINUTE", "600")),
        api_origins=tuple(filter(None, (one.strip() for one in _told("API_ORIGINS").split(",")))),
        sms_secret=_told("SMS_SECRET"),
        sms_adapter=_told("SMS_ADAPTER"),
        machine_translator=_told("MACHINE_TRANSLATOR"),
    )


def _told(name: str, default: str = "") -> str:
    return os.environ.get(f"PHILOXENIA_{name}") or default


def _second_factor(told: str, demo: bool) -> str:
    if demo:
        return "nobody"
    if told not in ("staff", "everyone"):
        raise ValueError(f"PHILOXENIA_SECOND_FACTOR is {told!r}; it may be staff or everyone.")
    return told


def _hosts(told: str, url: str) -> tuple[str, ...]:
    names = told.split(",") if told else [urlsplit(url).hostname or "", "127.0.0.1", "localhost", "[::1]"]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def kept_secret(path: Path) -> str:
    """A secret made at the first start and kept in a file only its owner may read."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            # Two processes may start at once: the first one's secret stays, whole.
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="utf-8").strip()
