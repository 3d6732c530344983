"""Keys lie outside the database, are wrapped, rotate, and do not come back once they are destroyed."""

import base64
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.config import agreement_keys, backup
from philoxenia_web.registry import actions, keys, queries
from philoxenia_web.registry.models import DataKey
from philoxenia_web.registry.refusals import Damaged, KeyGone


def files(folder: Path) -> dict[str, bytes]:
    """Every file of the folder of keys."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_key_lies_wrapped_for_its_owner_alone(agreement_id: UUID, own_folder: Path) -> None:
    key = queries.live_key(agreement_id)
    for path, content in files(own_folder).items():
        assert key not in content
        assert base64.b64encode(key) not in content
        assert Path(path).stat().st_mode & 0o077 == 0
    row = DataKey.objects.get(pk=agreement_id)
    assert key.hex() not in row.fingerprint
    assert (own_folder / "keys").stat().st_mode & 0o777 == 0o700


def test_a_new_master_key_opens_what_the_old_one_wrapped(agreement_id: UUID, own_folder: Path) -> None:
    before, master = queries.live_key(agreement_id), (own_folder / "keys" / "master").read_text()
    assert keys.rotate(make_new=True) == 1
    assert queries.live_key(agreement_id) == before
    written = (own_folder / "keys" / "master").read_text()
    assert len(written.split()) == 1
    assert written != master
    assert not (own_folder / "keys" / ".master-before").exists()


def test_master_keys_may_come_from_the_environment(agreement_id: UUID, settings: LazySettings) -> None:
    known = (settings.ENVIRONMENT.keys / "master").read_text().strip()
    before = queries.live_key(agreement_id)
    other = keys.new_secret()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, registry_keys=(other, known))
    assert keys.rotate(make_new=False) == 1
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, registry_keys=(other,))
    assert queries.live_key(agreement_id) == before
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, registry_keys=(known,))
    with pytest.raises(Damaged, match="master key that is not here"):
        queries.live_key(agreement_id)


@pytest.mark.parametrize("written", ["", "short", "!" * 44])
def test_a_spoiled_master_key_is_a_sentence(agreement_id: UUID, own_folder: Path, written: str) -> None:
    (own_folder / "keys" / "master").write_text(written)
    with pytest.raises(Damaged):
        queries.live_key(agreement_id)


def test_a_key_of_another_agreement_does_not_open(agreement_id: UUID, own_folder: Path) -> None:
    other = uuid4()
    keys.make(other)
    keys.path_of(agreement_id).write_bytes(keys.path_of(other).read_bytes())
    with pytest.raises(Damaged):
        queries.live_key(agreement_id)


def test_a_key_made_anew_is_not_taken_for_the_first(agreement_id: UUID) -> None:
    keys.path_of(agreement_id).unlink()
    keys.make(agreement_id)
    with pytest.raises(Damaged, match="not the one it began with"):
        queries.live_key(agreement_id)


def test_a_key_that_is_not_here_is_missed_in_a_sentence(agreement_id: UUID) -> None:
    keys.path_of(agreement_id).unlink()
    with pytest.raises(KeyGone, match="not on this server"):
        queries.live_key(agreement_id)


def test_destroying_overwrites_before_it_unlinks(agreement_id: UUID, own_folder: Path) -> None:
    path = keys.path_of(agreement_id)
    # Another name of the same bytes shows what is left of them.
    shadow = own_folder / "shadow"
    shadow.hardlink_to(path)
    wrapped = shadow.read_bytes()
    keys.destroy(agreement_id)
    assert not path.exists()
    assert len(shadow.read_bytes()) == len(wrapped)
    assert shadow.read_bytes() != wrapped


def test_a_copy_of_a_destroyed_key_that_comes_back_is_destroyed_too(
    agreement_id: UUID, django_capture_on_commit_callbacks: Any
) -> None:
    path = keys.path_of(agreement_id)
    copy = path.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        actions.destroy_key(SYSTEM, agreement_id, "Its date had come.")
    path.write_bytes(copy)
    # As after an older database was put back beside newer keys.
    DataKey.objects.filter(pk=agreement_id).update(destroyed_at=None)
    with pytest.raises(KeyGone, match="destroyed"):
        queries.live_key(agreement_id)
    assert not path.exists()
    assert actions.note_destroyed(SYSTEM) == 1
    assert DataKey.objects.get(pk=agreement_id).destroyed_at is not None


def test_a_destruction_that_was_cut_short_is_finished(agreement_id: UUID) -> None:
    # Without its commit, as when the server is killed right after it.
    actions.destroy_key(SYSTEM, agreement_id, "Its date had come.")
    assert keys.path_of(agreement_id).exists()
    with pytest.raises(KeyGone):
        queries.live_key(agreement_id)
    assert actions.finish_destroying() == 1
    assert not keys.path_of(agreement_id).exists()
    assert actions.finish_destroying() == 0
    assert AuditEntry.objects.filter(action="registry.destroy_key").count() == 1


def test_uses_of_a_key_do_not_tell_each_other(agreement_id: UUID) -> None:
    tokens, other = actions.derive(agreement_id, "tokens"), actions.derive(agreement_id, "other")
    assert len(tokens) == len(other) == 32
    assert len({tokens, other, queries.live_key(agreement_id)}) == 3
    kept = actions.seal(agreement_id, b"links", "run/1")
    with pytest.raises(Damaged):
        actions.unseal(agreement_id, kept, "run/2")


def test_a_restored_database_is_told_of_keys_that_are_not_there(
    agreement_id: UUID, own_folder: Path, tmp_path: Path
) -> None:
    known = [(str(agreement_id), "Homes and health")]
    assert agreement_keys.sentences(known, own_folder / "keys") == []
    (missing,) = agreement_keys.sentences(known, tmp_path / "elsewhere")
    assert "“Homes and health”" in missing
    assert "cannot be read" in missing
    keys.destroy(agreement_id)
    (gone,) = agreement_keys.sentences(known, own_folder / "keys")
    assert "was destroyed after this backup" in gone


def test_the_rotation_of_keys_is_a_command(agreement_id: UUID, own_folder: Path) -> None:
    said = StringIO()
    call_command("rotate_registry_keys", stdout=said)
    assert "1 keys are wrapped" in said.getvalue()
    (own_folder / "keys" / "master").write_text(keys.new_secret())
    with pytest.raises(CommandError, match="master key that is not here"):
        call_command("rotate_registry_keys")


def test_a_backup_holds_sealed_files_and_no_key(agreement_id: UUID, own_folder: Path) -> None:
    for store in ("registry", "linkage"):
        (own_folder / store).mkdir(exist_ok=True)
        (own_folder / store / "kept").write_bytes(b"sealed")
    (own_folder / "secret-key").write_text("secret")
    kept = [name for name, _path in backup.kept_files(own_folder)]
    assert kept == ["secret-key", "registry/kept", "linkage/kept"]
    assert (own_folder / "keys" / "agreements" / f"{agreement_id}.key").is_file()
