"""Who else may read a finished study, and until when."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.studies import queries
from philoxenia_web.studies.models import Share, Study
from philoxenia_web.studies.policies import READERS, SHARE
from philoxenia_web.studies.refusals import Refused


def share(
    actor: Actor,
    study_id: UUID,
    *,
    key: UUID,
    organisation_id: UUID | None = None,
    role: str = "",
    until: date | None = None,
) -> Share:
    """Let an organisation, a role, both, or everybody who signs in read a finished study.

    Shared with the same receivers before: that share gets the new end.
    """
    with transaction.atomic():
        study = _own(actor, study_id)
        known = Share.objects.filter(key=key).first()
        if known is not None:
            return _same_study(known, study)
        _check(study, organisation_id, role, until)
        made, new = Share.objects.filter(ended_at=None).update_or_create(
            study=study,
            organisation_id=organisation_id,
            role=role,
            defaults={"until": until},
            create_defaults={"until": until, "key": key, "created_by_id": actor.person_id},
        )
        audit.record(
            actor,
            "studies.share" if new else "studies.share_change",
            study,
            after=_told(made),
            organisation_id=study.organisation_id,
        )
    return made


def unshare(actor: Actor, study_id: UUID, share_id: UUID) -> Share:
    """End a share; who had the link finds nothing there any more. Twice is once."""
    with transaction.atomic():
        study = _own(actor, study_id)
        ended = study.shares.filter(pk=share_id).first()
        if ended is None:
            raise Http404
        if ended.ended_at is None:
            Share.objects.filter(pk=ended.pk).update(ended_at=Now())
            ended.refresh_from_db()
            audit.record(
                actor, "studies.unshare", study, before=_told(ended), organisation_id=study.organisation_id
            )
    return ended


def _own(actor: Actor, study_id: UUID) -> Study:
    found = queries.own_study_for(actor, study_id, SHARE)
    check_can(actor, SHARE, found.organisation_id)
    return Study.objects.select_for_update(no_key=True).get(pk=found.pk)


def _same_study(known: Share, study: Study) -> Share:
    if known.study_id != study.pk:
        raise Refused(_("This form was sent before for another study. Open a new one."), "key")
    return known


def _check(study: Study, organisation_id: UUID | None, role: str, until: date | None) -> None:
    if not study.is_done:
        raise Refused(_("Only a finished study can be shared: there is nothing to read yet."))
    if role and role not in READERS:
        raise Refused(_("Studies are read by planners, data stewards, caseworkers and partners."), "role")
    if organisation_id and organisation_id not in {one.pk for one in accounts.organisations()}:
        raise Refused(_("Choose one of the organisations in the list."), "organisation")
    if until is not None and until < timezone.localdate():
        raise Refused(_("The last day must be today or later."), "until")


def _told(made: Share) -> dict[str, str]:
    return {
        "organisation": str(made.organisation_id or ""),
        "role": made.role,
        "until": made.until.isoformat() if made.until else "",
    }
