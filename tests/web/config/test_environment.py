"""What the application is told from outside."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from philoxenia_web.config.database import database_address, settings_of
from philoxenia_web.config.email import email_settings
from philoxenia_web.config.environment import Environment, environment, kept_secret


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Environment]]:
    """The environment with these variables."""

    def read(**variables: str) -> Environment:
        monkeypatch.setenv("PHILOXENIA_VAR", str(tmp_path))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        environment.cache_clear()
        return environment()

    yield read
    environment.cache_clear()


def test_hosts_follow_from_the_address(told: Callable[..., Environment]) -> None:
    assert told(PHILOXENIA_URL="https://city.example.org/").hosts[0] == "city.example.org"
    assert environment().url == "https://city.example.org"


def test_a_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret")
    assert len(first) >= 50 and kept_secret(tmp_path / "secret") == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_the_application_gets_its_own_address_and_only_migrating_the_owners(
    told: Callable[..., Environment],
) -> None:
    addresses = {"DATABASE_URL": "postgresql://app@db/p", "DATABASE_OWNER_URL": "postgresql://owner@db/p"}
    assert database_address(told(**addresses, PHILOXENIA_AS_OWNER="")) == addresses["DATABASE_URL"]
    assert database_address(told(PHILOXENIA_AS_OWNER="1")) == addresses["DATABASE_OWNER_URL"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://us%40er:p%2Fw@db:6432/na%20me?sslmode=verify-full",
            {"USER": "us@er", "PASSWORD": "p/w", "HOST": "db", "PORT": "6432", "NAME": "na me"},
        ),
        (
            "postgresql://app@/p?host=/var/run/my%20socket",
            {"HOST": "/var/run/my socket", "PORT": "", "NAME": "p"},
        ),
    ],
)
def test_an_address_is_read_as_postgresql_reads_it(url: str, expected: dict[str, Any]) -> None:
    settings = settings_of(url)
    assert {name: settings[name] for name in expected} == expected
    assert "host" not in settings["OPTIONS"]


def test_mails_are_encrypted_on_their_way_or_become_files(told: Callable[..., Environment]) -> None:
    assert email_settings(told())["EMAIL_FILE_PATH"].endswith("outbox")
    sent = email_settings(told(PHILOXENIA_EMAIL_URL="smtp://me:p%40ss@mail.example.org"))
    assert (sent["EMAIL_PORT"], sent["EMAIL_USE_TLS"], sent["EMAIL_HOST_PASSWORD"]) == (587, True, "p@ss")
    with pytest.raises(ValueError, match="EMAIL_URL"):
        email_settings(told(PHILOXENIA_EMAIL_URL="mail.example.org"))
