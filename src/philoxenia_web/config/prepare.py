"""Before serving: tables as this version needs them, static files compressed under names of their content."""

import gc
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def migrate() -> None:
    """As the owner of the tables. One process at a time: a second one waits, then finds nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('philoxenia migrations'))")
        with _seldom_collecting():
            call_command("migrate", interactive=False, verbosity=0)
        cursor.execute("select pg_advisory_unlock(hashtext('philoxenia migrations'))")


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Migrations make models over and over: looking for garbage as often as usual costs a third."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def unapplied() -> list[str]:
    """The migrations this version needs and the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Of the migrations a database has, those of ours that this version does not know: newer ones."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("philoxenia_web.")}
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return [f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known]


def check_not_newer(applied: Iterable[tuple[str, str]]) -> None:
    """Old code on new tables would write what the new code cannot read."""
    if strange := unknown(applied):
        sys.exit(
            f"The data were written by a newer version of Philoxenia (it knows {strange[0]}). Install that "
            "version, or restore a backup made before the change."
        )


def collect_static(root: Path) -> None:
    """Only when a file has changed. Earlier files stay: pages already open may still ask for them."""
    stamp, now = root / ".collected", _fingerprint_of_static()
    if stamp.is_file() and stamp.read_text() == now:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _fingerprint_of_static() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))  # noqa: PTH116 (a storage gives text)
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def forget_again() -> None:
    """Whom a restored backup brought back is erased before anybody can look for them."""
    from philoxenia_web.registry.rights.forgetting import forget_again as erase  # noqa: PLC0415 (models)

    if back := erase():
        sys.stdout.write(f"Erased again {len(back):,} people whom a backup had brought back.\n")


def main() -> None:
    """For `serve`: exits with a sentence when the database is not as this version needs it.

    With `--tables`, for `restore`: the tables alone, where files and keys are not in their places yet.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 (settings are read once the environment is known)

    if sys.argv[1:2] == ["--knows"]:
        manifest = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
        return check_not_newer(map(tuple, manifest["migrations"]))
    check_not_newer(MigrationRecorder(connection).applied_migrations())
    if settings.ENVIRONMENT.as_owner:
        migrate()
    elif missing := unapplied():
        sys.exit(
            f"The database lacks {len(missing)} changes of its tables, the first is {missing[0]}. Give the "
            "address of the role that owns the tables in DATABASE_OWNER_URL, or run philoxenia web migrate "
            "where it is known."
        )
    if sys.argv[1:2] != ["--tables"]:
        forget_again()
    return collect_static(Path(settings.STATIC_ROOT))


if __name__ == "__main__":
    main()
