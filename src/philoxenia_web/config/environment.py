"""What the application is told from outside, read once. No other module looks at the environment."""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Environment:
    """One installation's settings; each field's variable is its name in capitals with PHILOXENIA_ before it.

    The two addresses of the database are DATABASE_URL (the application's role) and DATABASE_OWNER_URL (the
    role that owns the tables; used only to migrate).
    """

    var: Path
    city: Path
    hosts: tuple[str, ...]
    url: str
    debug: bool
    demo: bool
    secret_key: str
    database_url: str
    database_owner_url: str


@cache
def environment() -> Environment:
    """The environment of this process."""
    var = Path(os.environ.get("PHILOXENIA_VAR", "var")).resolve()
    url = os.environ.get("PHILOXENIA_URL", "http://127.0.0.1:8000")
    return Environment(
        var=var,
        city=Path(os.environ.get("PHILOXENIA_CITY", "cities/toronto")).resolve(),
        hosts=tuple(os.environ.get("PHILOXENIA_HOSTS", "127.0.0.1,localhost").split(",")),
        url=url,
        debug=os.environ.get("PHILOXENIA_DEBUG", "") == "1",
        demo=os.environ.get("PHILOXENIA_DEMO", "") == "1",
        secret_key=os.environ.get("PHILOXENIA_SECRET_KEY") or _kept_secret(var / "secret-key"),
        database_url=os.environ.get("DATABASE_URL", ""),
        database_owner_url=os.environ.get("DATABASE_OWNER_URL", ""),
    )


def _kept_secret(path: Path) -> str:
    """A secret made at the first start and kept in a file only its owner may read."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
