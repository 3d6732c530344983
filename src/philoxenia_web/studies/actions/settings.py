"""What a planner says about a study: made, changed, copied, deleted while a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.studies import foresight_plan, inputs, parameters, queries
from philoxenia_web.studies.kinds import FIRST_MONTHS, MOST_MONTHS, Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.parameters import Change
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.refusals import Conflict, Difference, Refused

State = Study.State
_LONGEST = {"title": 200, "question": 1000, "notes": 10_000}
_MOST_SEED = 2_147_483_647


@dataclass(frozen=True)
class Settings:
    """What a planner says about a study; `None` leaves a part as it is.

    `inputs` maps each table to the version of a data set, or to None for the city package's own table.
    `parameters` holds every changed parameter: one that is not named goes back to its default. `kind` is said
    when a study is made and not changed after. `plan` is all that a foresight study asks for, as the engine
    reads it; months and seed in it stand for `horizon` and `seed`.
    """

    kind: str | None = None
    title: str | None = None
    question: str | None = None
    notes: str | None = None
    purpose: str | None = None
    seed: int | None = None
    horizon: int | None = None
    inputs: Mapping[str, UUID | None] | None = None
    parameters: Mapping[str, Change] | None = None
    plan: Mapping[str, Any] | None = None


def create(actor: Actor, organisation_id: UUID, *, key: UUID, wanted: Settings) -> Study:
    """A draft. The same key again gives the study it made the first time."""
    check_can(actor, RUN, organisation_id)
    kind = _kind(wanted.kind or Kind.PRESSURE)
    told = {"kind": kind, "horizon": FIRST_MONTHS[kind]} | _checked(wanted, kind)
    if not told.get("title"):
        raise Refused(_("Give the study a title."), "title")
    with transaction.atomic():
        study, made = Study.objects.get_or_create(
            key=key, defaults=told | {"organisation_id": organisation_id, "created_by_id": actor.person_id}
        )
        if not made:
            return _same_maker(actor, study, organisation_id)
        inputs.keep(
            actor,
            study,
            wanted.inputs if wanted.inputs is not None else inputs.chosen_first(actor, study.purpose),
        )
        parameters.keep_changes(study, wanted.parameters or {})
        if wanted.plan is not None:
            foresight_plan.check(actor, study)
        audit.record(actor, "studies.create", study, after=told_of(study), organisation_id=organisation_id)
    return study


def change(actor: Actor, study_id: UUID, version: int, wanted: Settings) -> Study:
    """Change a draft; of any other study only title, question and notes."""
    with transaction.atomic():
        study = locked(actor, study_id)
        told = _checked(wanted, Kind(study.kind))
        _check_version(study, version, told)
        _check_changeable(study, wanted)
        before = told_of(study)
        for name, value in told.items():
            setattr(study, name, value)
        if wanted.inputs is not None:
            inputs.keep(actor, study, wanted.inputs)
        if wanted.parameters is not None:
            parameters.keep_changes(study, wanted.parameters)
        if wanted.plan is not None:
            foresight_plan.check(actor, study)
        _save(study, *told)
        audit.record(
            actor,
            "studies.change",
            study,
            before=before,
            after=told_of(study),
            organisation_id=study.organisation_id,
        )
    return study


def copy(actor: Actor, study_id: UUID, *, key: UUID, organisation_id: UUID | None = None) -> Study:
    """A new draft with the settings of a study the actor may read, for one of the actor's organisations."""
    source = queries.study_for(actor, study_id)
    place = organisation_id or _home_of(actor, source)
    title = _("Copy of %(title)s") % {"title": source.title}
    wanted = Settings(
        title=title[: _LONGEST["title"]],
        question=source.question,
        kind=source.kind,
        purpose=source.purpose,
        seed=source.seed,
        horizon=source.horizon,
        inputs=inputs.still_usable(actor, source),
        parameters=parameters.changes_of(source),
    )
    with transaction.atomic():
        made = create(actor, place, key=key, wanted=wanted)
        # As it is: what no longer fits the data of today is told when it starts.
        Study.objects.filter(pk=made.pk, copied_from=None).update(copied_from=source, plan=source.plan)
        made.refresh_from_db(fields=["plan"])
    return made


def delete(actor: Actor, study_id: UUID) -> None:
    """Remove a draft for good."""
    with transaction.atomic():
        study = locked(actor, study_id)
        if not study.is_draft:
            raise Refused(_("Only a draft can be deleted: a study that ran is kept with its settings."))
        audit.record(
            actor, "studies.delete", study, before=told_of(study), organisation_id=study.organisation_id
        )
        study.delete()


def _same_maker(actor: Actor, study: Study, organisation_id: UUID) -> Study:
    if (study.created_by_id, study.organisation_id) != (actor.person_id, organisation_id):
        raise Refused(_("This form was sent before by somebody else. Open a new one."), "key")
    return study


def _home_of(actor: Actor, source: Study) -> UUID:
    places = queries.organisations_with(actor)
    if not places:
        check_can(actor, RUN)
        raise Http404
    return source.organisation_id if source.organisation_id in places else min(places, key=str)


def locked(actor: Actor, study_id: UUID) -> Study:
    """The actor's own study, held until the transaction ends so that two changes follow each other."""
    found = queries.own_study_for(actor, study_id)
    check_can(actor, RUN, found.organisation_id)
    return (
        Study.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organisation")
        .get(pk=found.pk)
    )


def _kind(wanted: str) -> Kind:
    if wanted not in Kind.values:
        raise Refused(_("Choose one of the kinds in the list."), "kind")
    return Kind(wanted)


def _checked(wanted: Settings, kind: Kind) -> dict[str, Any]:
    """The plain fields that were sent, each of a sensible kind and length."""
    told: dict[str, Any] = {}
    if wanted.plan is not None:
        if kind != Kind.FORESIGHT:
            raise Refused(_("Only a foresight study has a plan."), "plan")
        told |= foresight_plan.taken_apart(wanted.plan)
        wanted = replace(
            wanted, horizon=told.get("horizon", wanted.horizon), seed=told.get("seed", wanted.seed)
        )
    for name, most in _LONGEST.items():
        value = getattr(wanted, name)
        if value is not None:
            told[name] = _text(name, value, most)
    if wanted.purpose is not None:
        told["purpose"] = inputs.check_purpose(wanted.purpose)
    if wanted.seed is not None:
        told["seed"] = _whole(_("The seed"), "seed", wanted.seed, 0, _MOST_SEED)
    if wanted.horizon is not None:
        told["horizon"] = _whole(
            _("The number of months ahead"), "horizon", wanted.horizon, 1, MOST_MONTHS[kind]
        )
    if "title" in told and not told["title"]:
        raise Refused(_("Give the study a title."), "title")
    return told


def _text(name: str, value: str, most: int) -> str:
    # A field of the database holds no NUL; other control characters would break downloads and terminals.
    plain = "".join(
        sign for sign in value if sign in "\n\t" or sign.isprintable() or ord(sign) > 0x9F
    ).strip()
    if name == "title":
        plain = " ".join(plain.split())
    if len(plain) > most:
        raise Refused(
            _("This is too long: keep it under %(most)d characters.") % {"most": most + 1},
            name,
        )
    return plain


def _whole(words: str, name: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise Refused(
            _("%(what)s must be a whole number from %(low)d to %(high)d.")
            % {"what": words, "low": low, "high": high},
            name,
        )
    return int(value)


def _check_version(study: Study, version: int, told: Mapping[str, Any]) -> None:
    if study.version == version:
        return
    differences = tuple(
        Difference(str(Study._meta.get_field(name).verbose_name), str(getattr(study, name)), str(value))
        for name, value in told.items()
        if name != "plan" and getattr(study, name) != value
    )
    if "plan" in told:
        differences += foresight_plan.differences(study.plan, told["plan"])
    raise Conflict(
        _(
            "Somebody changed this study after you opened it. Nothing of yours was saved yet: look at "
            "what is different and save again if you still mean it."
        ),
        study.version,
        differences,
    )


def _check_changeable(study: Study, wanted: Settings) -> None:
    if wanted.kind not in (None, study.kind):
        raise Refused(_("The kind of a study cannot be changed. Make a new study."), "kind")
    fixed = (wanted.purpose, wanted.seed, wanted.horizon, wanted.inputs, wanted.parameters, wanted.plan)
    if not study.is_draft and any(part is not None for part in fixed):
        raise Refused(
            _(
                "The purpose, inputs, parameters, months ahead and seed of a study that was started cannot "
                "be changed. Copy it."
            )
        )


def _save(study: Study, *names: str) -> None:
    study.version += 1
    study.save(update_fields=[*names, "version"])
    Study.objects.filter(pk=study.pk).update(changed_at=Now())


def told_of(study: Study) -> dict[str, Any]:
    """What the trail keeps: settings, no free text beyond the title."""
    plan = (
        {"kind": study.kind, "plan": foresight_plan.without_words(study.plan)} if study.is_foresight else {}
    )
    return plan | {
        "title": study.title,
        "state": study.state,
        "purpose": study.purpose,
        "seed": study.seed,
        "horizon": study.horizon,
        "inputs": {one.table: str(one.dataset_version_id or "") for one in study.inputs.all()},
        "parameters": {one.name: one.value for one in study.parameters.all()},
    }
