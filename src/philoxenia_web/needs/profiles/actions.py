"""Handing in a survey, making its profile, forgetting it. Only tables stay, never the survey."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from procrastinate.contrib.django import app

from philoxenia.lake.files import write_whole
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.accounts.audit import record
from philoxenia_web.needs.models import Profile
from philoxenia_web.needs.policies import PROFILE
from philoxenia_web.needs.profiles.queries import profile_for
from philoxenia_web.ui.late import Late

_profiles = Late("philoxenia.needs.profiles")
_workflow = Late("philoxenia.workflows.profile")

_log = logging.getLogger(__name__)
# Larger surveys take more than a second: the worker makes their profile.
AT_ONCE_BYTES = 1_000_000
MOST_BYTES = 50_000_000
TASK, QUEUE = "needs.profile", "needs"
_ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet", ".gz", ".zip")
_LONGEST_NAME = 120
_KINDS = {"Float64": "Float64", "Int64": "Int64", "Int32": "Int64", "UInt32": "Int64", "Boolean": "Boolean"}
_FAULT = "The profile could not be made because of a fault of ours. Tell the operator when it happened."


def check_spec(text: str) -> str:
    """The survey's name in a spec. Raises `SpecError` with line and key where the spec is wrong."""
    return _profiles.read_spec(text).name


def hand_in(
    actor: Actor,
    organisation_id: UUID,
    *,
    key: UUID,
    spec: str,
    name: str,
    write: Callable[[Path], None],
    size: int,
) -> Profile:
    """Keep a survey until its profile is made; small ones are made at once. Asked twice it is done once."""
    check_can(actor, PROFILE, organisation_id)
    wanted = _profiles.read_spec(spec)
    with transaction.atomic():
        made, is_new = Profile.objects.get_or_create(
            key=key,
            defaults={
                "organisation_id": organisation_id,
                "created_by_id": actor.person_id,
                "title": wanted.name[:200],
                "spec": spec,
                "survey_name": _shown(name),
                "is_synthetic": wanted.synthetic,
            },
        )
        if not is_new:
            return profile_for(actor, made.pk)
        folder = _folder(made.pk)
        folder.mkdir(parents=True)
        write_whole(folder / f"survey{_ending(name)}", write)
        record(actor, "needs.profile", made, after={"bytes": size}, organisation_id=organisation_id)
    if size <= AT_ONCE_BYTES:
        make(made.pk)
    else:
        app.configure_task(TASK, queue=QUEUE).defer(profile_id=str(made.pk))
    made.refresh_from_db()
    return made


def make(profile_id: UUID) -> None:
    """Make the profile of a survey that waits, and delete the survey, whatever comes of it."""
    waiting = Profile.objects.filter(pk=profile_id, state=Profile.State.WAITING).first()
    if waiting is None:
        return
    survey = next(iter(_folder(profile_id).glob("survey*")), None)
    try:
        if survey is None:
            raise _profiles.SpecError("The survey is no longer here. Hand it in again.")
        tables = kept(_workflow.profile_survey(survey, waiting.spec).tables)
        changed: dict[str, Any] = {"state": Profile.State.DONE, "tables": tables}
    except PhiloxeniaError as refused:
        changed = {"state": Profile.State.FAILED, "fault": _without_our_name(str(refused), survey, waiting)}
    except Exception:
        _log.exception("a profile could not be made")
        changed = {"state": Profile.State.FAILED, "fault": _FAULT}
    Profile.objects.filter(pk=profile_id).update(**changed, finished_at=Now())
    _forget(profile_id)


def _without_our_name(said: str, survey: Path | None, profile: Profile) -> str:
    """The sentence with the file's own name: the one it has here tells its owner nothing."""
    return said.replace(survey.name, profile.survey_name) if survey else said


def kept(tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Tables as the database keeps them."""
    return {
        name: {
            # In order: the database sorts the keys of objects.
            "columns": [[column, _KINDS.get(str(kind), "String")] for column, kind in frame.schema.items()],
            "rows": [list(row) for row in frame.with_columns(pl.col(pl.Float64).fill_nan(None)).rows()],
        }
        for name, frame in tables.items()
    }


def forget(actor: Actor, profile_id: UUID) -> None:
    """Delete a profile of one's own organisation."""
    with transaction.atomic():
        profile = profile_for(actor, profile_id, PROFILE)
        check_can(actor, PROFILE, profile.organisation_id)
        record(actor, "needs.forget_profile", profile, organisation_id=profile.organisation_id)
        profile.delete()
        transaction.on_commit(lambda: _forget(profile_id))


def make_example(organisation_id: UUID) -> Profile:
    """A profile of a survey made by a seed, for demonstrations; twice is once."""
    from philoxenia.workflows.profile import write_example  # noqa: PLC0415 (the demonstration alone)

    known = Profile.objects.filter(created_by=None).first()
    if known is not None:
        return known
    folder = _folder(organisation_id)
    survey, spec = write_example(folder)
    text = spec.read_text(encoding="utf-8")
    tables = kept(_workflow.profile_survey(survey, text).tables)
    _forget(organisation_id)
    made = Profile.objects.create(
        organisation_id=organisation_id,
        title=_profiles.read_spec(text).name[:200],
        spec=text,
        survey_name=survey.name,
        is_synthetic=True,
        state=Profile.State.DONE,
        tables=tables,
        finished_at=Now(),
    )
    record(SYSTEM, "needs.profile", made, organisation_id=organisation_id)
    return made


def _folder(profile_id: UUID) -> Path:
    return Path(settings.ENVIRONMENT.var) / "surveys" / str(profile_id)


def _forget(profile_id: UUID) -> None:
    folder = _folder(profile_id)
    for file in folder.glob("*"):
        file.unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()


def _shown(name: str) -> str:
    """A file's name as it is said on pages: its last part, printable."""
    plain = "".join(sign for sign in name.replace("\\", "/").rsplit("/", 1)[-1] if sign.isprintable())
    return plain[-_LONGEST_NAME:] or "survey"


def _ending(name: str) -> str:
    lower = name.lower()
    return next((ending for ending in _ENDINGS if lower.endswith(ending)), ".csv")
