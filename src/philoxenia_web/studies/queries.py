"""Reading studies. What an actor may not see is not found, so that nobody learns that it exists."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate
from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, Permission, can
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Share, Study
from philoxenia_web.studies.policies import READ, READ_SETTINGS, READERS, RUN

State = Study.State


def visible(actor: Actor) -> QuerySet[Study]:
    """Studies the actor may read: all where they plan, and finished ones shared with them."""
    if actor is SYSTEM:
        return _with_people(Study.objects.all())
    if not can(actor, READ):
        return Study.objects.none()
    return _with_people(
        Study.objects.filter(Q(organisation__in=_where(actor, Role.PLANNER)) | _shared(actor))
    )


def settings_visible(actor: Actor) -> QuerySet[Study]:
    """Studies whose settings and state the actor may see: those they may read; for auditors those started."""
    if actor is SYSTEM or not can(actor, READ_SETTINGS):
        return visible(actor)
    audited = Q(organisation__in=_where(actor, Role.AUDITOR)) & ~Q(state=State.DRAFT)
    if not can(actor, READ):
        return _with_people(Study.objects.filter(audited))
    planned = Q(organisation__in=_where(actor, Role.PLANNER))
    return _with_people(Study.objects.filter(planned | audited | _shared(actor)))


def shared_with(actor: Actor) -> QuerySet[Study]:
    """Finished studies of other organisations, or of the own one, that were shared with the actor."""
    return visible(actor).filter(_shared(actor))


def study_for(actor: Actor, study_id: UUID) -> Study:
    """The study, where the actor may read it; otherwise it is not found."""
    return _found(visible(actor), study_id)


def settings_for(actor: Actor, study_id: UUID) -> Study:
    """The study, where the actor may see how it was made; otherwise it is not found."""
    return _found(settings_visible(actor), study_id)


def own_study_for(actor: Actor, study_id: UUID, permission: Permission = RUN) -> Study:
    """The study, where the actor may change, run or (with `SHARE`) share it; otherwise it is not found."""
    owned = Study.objects.filter(organisation__in=organisations_with(actor, permission))
    return _found(_with_people(Study.objects.all() if actor is SYSTEM else owned), study_id)


def organisations_with(actor: Actor, permission: Permission = RUN) -> set[UUID]:
    """Organisations for which the actor may make studies."""
    return {place for place in actor.organisations if can(actor, permission, place)}


def findings_folder(study: Study) -> Path:
    """Where `philoxenia.report.keep_findings` keeps what a finished study of pressure found.

    Raises `Http404` where there is none, and for a study of another kind.
    """
    if study.is_foresight:
        raise Http404
    return result_folder(study) / "findings"


def foresight_folder(study: Study) -> Path:
    """Where `philoxenia.report.foresight.keep_foresight` keeps what a finished foresight study found.

    Raises `Http404` where there is none, and for a study of another kind.
    """
    if not study.is_foresight:
        raise Http404
    return result_folder(study) / "foresight"


def result_folder(study: Study) -> Path:
    """The one published result of a finished study. Raises `Http404` where there is none."""
    if not study.result:
        raise Http404
    return study_folder(study.pk) / study.result


def study_folder(study_id: UUID) -> Path:
    """Everything on disk that belongs to a study."""
    return Path(settings.ENVIRONMENT.var) / "studies" / str(study_id)


def latest_shared(actor: Actor, kind: str = Kind.PRESSURE) -> Study | None:
    """The finished study of a kind to show first: the newest shared with the actor, else of their own."""
    done = visible(actor).filter(state=State.DONE, kind=kind).order_by("-finished_at", "id")
    return done.filter(_live_share(actor)).first() or done.first()


def live_shares(study: Study) -> QuerySet[Share]:
    """Shares of a study that hold today."""
    return study.shares.filter(_LIVE).select_related("organisation")


_LIVE = Q(ended_at=None) & (Q(until=None) | Q(until__gte=TruncDate(Now())))


def _with_people(studies: QuerySet[Study]) -> QuerySet[Study]:
    return studies.select_related("organisation", "created_by")


def _where(actor: Actor, role: Role) -> set[UUID]:
    return {organisation for organisation, held in actor.memberships if held == role}


def _shared(actor: Actor) -> Q:
    return Q(state=State.DONE) & _live_share(actor)


def _live_share(actor: Actor) -> Q:
    received = Q(organisation=None, role="")
    for organisation, role in actor.memberships:
        if role in READERS:
            received |= (Q(organisation=None) | Q(organisation=organisation)) & (Q(role="") | Q(role=role))
    if not actor.roles & READERS and actor is not SYSTEM:
        received = Q(pk__in=[])
    return Q(Exists(Share.objects.filter(_LIVE, received, study=OuterRef("pk"))))


def _found(studies: QuerySet[Study], study_id: UUID) -> Study:
    study = studies.filter(pk=study_id).first()
    if study is None:
        raise Http404
    return study
