"""Back up, destroy, restore, compare: every row of every table and every byte of every file."""

import hashlib
import shutil
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.journeys.made_city import write_city
from tests.journeys.served import Served, philoxenia, until

from philoxenia_web.config import postgres
from philoxenia_web.config.backup import KEYS, STORES

pytestmark = pytest.mark.xdist_group("backup")


@pytest.fixture(scope="module")
def lived_in(shared_place: Path) -> Iterator[Path]:
    """The folder of an application with people, data sets and a finished study, which is stopped now."""
    folder = shared_place
    city = write_city(folder / "nea-poli")
    # Few people: every row of theirs is written, kept and compared, whoever they are.
    few = "demo --futures 4 --people 500 --workers 1"
    with Served(folder / "var", few, PHILOXENIA_CITY=str(city)) as demo:
        until(lambda: "planner@example.org" in demo.said.read_text() or demo.process.poll() is not None)
        assert demo.process.poll() is None, demo.said.read_text()
        while_running = philoxenia(demo.var, "backup", str(folder / "running.tar.gz"))
        assert while_running.returncode == 0, while_running.stderr
    assert philoxenia(folder / "var", "backup", str(folder / "kept.tar.gz")).returncode == 0
    yield folder


def rows_by_table(var: Path) -> dict[str, tuple[int, str]]:
    """Each table's number of rows and the hash of what they hold."""
    place, found = postgres.place_of(var), {}
    question = sql.SQL(
        "select count(*), coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from {} t"
    )
    with postgres.running(place), psycopg.connect(postgres.address(place, postgres.OWNER)) as connection:
        named = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (name,) in named:
            found[name] = connection.execute(question.format(sql.Identifier(name))).fetchone()
    return found  # type: ignore[return-value]


LIVE = """
    select (select count(*) from registry_resident where id = %s and erased_at is null),
      (select count(*) from casework_case where resident_id = %s and state <> 'closed')"""


def somebody_with_a_case(var: Path) -> str:
    """Who was forgotten since, for the folder of keys."""
    place, question = (
        postgres.place_of(var),
        "select min(resident_id::text) from casework_case where state <> 'closed'",
    )
    with postgres.running(place), psycopg.connect(postgres.address(place, postgres.OWNER)) as connection:
        (found,) = connection.execute(question).fetchone() or ("",)
    assert found
    return str(found)


def files(var: Path) -> dict[str, str]:
    """Every file that is kept, with its hash."""
    kept = [var / name for name in KEYS]
    kept += [path for store in STORES for path in (var / store).rglob("*") if path.is_file()]
    return {str(path.relative_to(var)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def test_a_restored_application_is_the_one_that_was_destroyed(lived_in: Path, place: Path) -> None:
    var = place / "var"
    shutil.copytree(lived_in / "var", var, symlinks=True, ignore=shutil.ignore_patterns("database"))
    rows, kept = rows_by_table(lived_in / "var"), files(var)
    assert rows["accounts_person"][0] >= 6 and rows["datasets_version"][0] >= 1
    assert any(name.startswith("lake/") for name in kept) and any(
        name.startswith("studies/") for name in kept
    )
    shutil.rmtree(var)
    restored = philoxenia(var, "restore", str(lived_in / "kept.tar.gz"))
    assert restored.returncode == 0, restored.stderr
    assert rows_by_table(var) == rows
    assert files(var) == kept
    forgotten = somebody_with_a_case(var)
    (var / "keys").mkdir(exist_ok=True)
    (var / "keys" / "erased").write_text(f"{forgotten} 2026-11-23T00:00:00+00:00\n")
    with Served(var, "serve --workers 1") as again:
        # At the first page: nobody finds whom the backup brought back, and nobody works with them.
        assert again.ask(LIVE, forgotten, forgotten, role=postgres.OWNER) == [(0, 0)]
        assert set(again.checks().values()) == {"ok"}
        assert again.ask("select has_table_privilege('accounts_auditentry', 'update')") == [(False,)]


def test_a_backup_of_a_running_application_can_be_restored(lived_in: Path, place: Path) -> None:
    # Made of another database: nobody may search in it.
    stale = place / "var" / "directory" / "bulk" / "7.zip"
    stale.parent.mkdir(parents=True)
    stale.touch()
    restored = philoxenia(place / "var", "restore", str(lived_in / "running.tar.gz"))
    assert restored.returncode == 0, restored.stderr
    assert not stale.exists()
    assert rows_by_table(place / "var")["accounts_person"][0] >= 6


def test_a_restore_never_overwrites(lived_in: Path) -> None:
    before = files(lived_in / "var")
    said = philoxenia(lived_in / "var", "restore", str(lived_in / "kept.tar.gz"))
    assert said.returncode == 5 and "not empty" in said.stderr
    assert files(lived_in / "var") == before


def test_a_backup_is_for_its_owner_alone_and_never_overwrites(lived_in: Path) -> None:
    kept = lived_in / "kept.tar.gz"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    said = philoxenia(lived_in / "var", "backup", str(kept))
    assert said.returncode == 5 and "already there" in said.stderr


@pytest.mark.parametrize("share", [0.5, 0.999])
def test_a_cut_backup_is_refused_and_leaves_nothing(lived_in: Path, place: Path, share: float) -> None:
    whole = (lived_in / "kept.tar.gz").read_bytes()
    (place / "cut.tar.gz").write_bytes(whole[: int(len(whole) * share)])
    said = philoxenia(place / "var", "restore", str(place / "cut.tar.gz"))
    assert said.returncode == 5 and "damaged" in said.stderr and "Traceback" not in said.stderr
    left = [path.name for path in (place / "var").iterdir()]
    assert not set(left) & {"database", "restoring", *STORES, *KEYS}


def test_a_backup_with_a_file_outside_its_folders_is_refused(place: Path) -> None:
    (place / "evil").write_text("evil")
    with tarfile.open(place / "evil.tar.gz", "w:gz") as archive:
        archive.add(place / "evil", arcname="lake/../../evil-twin")
    said = philoxenia(place / "var", "restore", str(place / "evil.tar.gz"))
    assert said.returncode == 5 and "which no backup has" in said.stderr
    assert not (place / "evil-twin").exists()


def test_an_older_backup_is_brought_up_to_date_and_a_newer_one_refused(lived_in: Path, place: Path) -> None:
    older, var = place / "older", place / "var"
    assert philoxenia(older, "restore", str(lived_in / "kept.tar.gz")).returncode == 0
    # Back to before the API had tables: what a backup of an earlier version holds.
    undone = philoxenia(older, "web", "migrate", "api", "zero")
    assert undone.returncode == 0, undone.stderr
    assert "api_token" not in rows_by_table(older)
    assert philoxenia(older, "backup", str(place / "older.tar.gz")).returncode == 0
    brought_up = philoxenia(var, "restore", str(place / "older.tar.gz"))
    assert brought_up.returncode == 0, brought_up.stderr
    assert "api_token" in rows_by_table(var)
    server = postgres.place_of(older)
    with postgres.running(server), psycopg.connect(postgres.address(server, postgres.OWNER)) as connection:
        connection.execute(
            "insert into django_migrations values (default, 'accounts', '9999_to_come', now())"
        )
    assert philoxenia(older, "backup", str(place / "newer.tar.gz")).returncode == 0
    refused = philoxenia(place / "third", "restore", str(place / "newer.tar.gz"))
    assert refused.returncode == 5 and "newer version" in refused.stderr
    assert not (place / "third" / "database").exists()
