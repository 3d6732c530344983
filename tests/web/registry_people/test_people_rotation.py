"""A rotation of master keys that is killed at any step loses nobody, and the next one tidies up."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from tests.web.settings import VAR

from philoxenia_web.accounts.database_role import APPLICATION_ROLE
from philoxenia_web.config import postgres

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).with_name("rotation_killed.py")


def _address(role: str) -> str:
    return postgres.address(postgres.place_of(VAR), role, connection.settings_dict["NAME"])


@pytest.fixture
def office(django_db_setup: None) -> Iterator[UUID]:
    """An organisation that other processes see; what they write down for it goes at the end."""
    made = uuid4()
    with psycopg.connect(_address(postgres.OWNER), autocommit=True) as owner:
        owner.execute(
            "insert into accounts_organisation (id, name, kind, active, version, key) "
            "values (%s, 'Rotation', 'department', true, 1, gen_random_uuid())",
            [made],
        )
        yield made
        owner.execute(
            "delete from registry_residentkey where resident_id in "
            "(select id from registry_resident where organisation_id = %s)",
            [made],
        )
        owner.execute("delete from registry_resident where organisation_id = %s", [made])
        owner.execute("delete from accounts_organisation where id = %s", [made])
        # Of a folder of keys that other tests do not have.
        owner.execute("delete from registry_indexkey")


def test_a_rotation_killed_at_any_step_loses_nobody(office: UUID, tmp_path: Path) -> None:
    address = _address(APPLICATION_ROLE)
    known = {
        "PHILOXENIA_VAR": str(tmp_path),
        "PHILOXENIA_SECRET_KEY": "for tests alone",
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PHILOXENIA_")}
    told = subprocess.run(
        [sys.executable, str(SCRIPT), str(office)],
        env=kept | known,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert told.returncode == 0, told.stderr
    assert int(told.stdout.split()[1]) > 15
