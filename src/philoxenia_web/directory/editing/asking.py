"""Asking organisations whether their records are right: a link that needs no password, and what they answer.

A link is signed, names one row here and nothing else, ends by itself, and answers for each service once.
Opening it changes nothing: programs that read mail open links too.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.datasets.queries import package
from philoxenia_web.directory.editing import actions, shapes
from philoxenia_web.directory.editing.merging import changed_fields
from philoxenia_web.directory.editing.policies import LOOK_AFTER, check_edit
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.editing.silence import check_silent
from philoxenia_web.directory.models import (
    Confirmation,
    ConfirmLink,
    Organization,
    Proposal,
    Service,
)

_SALT = "directory.keep"
_MOST_SERVICES = 50
_MOST_NOTE = 4000
# What an organisation may propose; everything else of a record is for editors.
PROPOSED = (
    *("name", "description", "alert", "email", "url", "phones", "languages"),
    *("eligibility_description", "application_process", "fees_description", "interpretation_services"),
)


def due(organization: Organization | None = None) -> QuerySet[Service]:
    """Services that everybody sees and nobody has checked, or not since they should have been."""
    today = timezone.localdate()
    late = Q(check_by__lt=today) | Q(checked_on=None)
    found = Service.objects.filter(late, withheld=False, status__in=["active", "temporarily closed"])
    return found.filter(organization=organization) if organization else found


def addresses(organization: Organization) -> list[str]:
    """Where a link may be sent: the addresses the organisation has made public itself, and no other."""
    known = [organization.email, *organization.services.order_by("pk").values_list("email", flat=True)]
    return list(dict.fromkeys(one.strip() for one in known if one and one.strip()))


def send_link(actor: Actor, organization_id: UUID, email: str, language: str, key: UUID) -> ConfirmLink:
    """Send the organisation a link for what is due; the link before it ends. The same key sends once."""
    check_can(actor, LOOK_AFTER)
    with transaction.atomic():
        known = ConfirmLink.objects.filter(key=key).first()
        if known is not None:
            return known
        organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
        services = list(due(organization).order_by("check_by", "pk")[:_MOST_SERVICES])
        if not services:
            raise NotPossible(_("Nothing of this organisation is due to be checked."))
        if email not in addresses(organization):
            raise NotPossible(_("Choose an address that the organisation has made public."))
        open_links(organization).update(withdrawn_at=timezone.now())
        link = _make(actor, organization, email, language, key)
        Confirmation.objects.bulk_create(
            Confirmation(link=link, service=one, seen=one.version) for one in services
        )
        audit.record(actor, "directory.send_link", link, after={"services": len(services)})
        transaction.on_commit(lambda: _send(link, len(services)))
    return link


def _make(actor: Actor, organization: Organization, email: str, language: str, key: UUID) -> ConfirmLink:
    days = int(package().parameters["directory.keep_days"])
    return ConfirmLink.objects.create(
        organization=organization,
        key=key,
        email=email,
        language=language,
        made_by_id=actor.person_id,
        expires_at=timezone.now() + timedelta(days=days),
    )


def open_links(organization: Organization) -> QuerySet[ConfirmLink]:
    """Links that still open something."""
    return organization.links.filter(withdrawn_at=None, expires_at__gt=timezone.now())


def end_link(actor: Actor, link_id: UUID) -> None:
    """End a link before its time."""
    check_can(actor, LOOK_AFTER)
    with transaction.atomic():
        link = ConfirmLink.objects.select_for_update(no_key=True).get(pk=link_id)
        if link.withdrawn_at is None:
            link.withdrawn_at = timezone.now()
            link.save(update_fields=["withdrawn_at"])
            audit.record(actor, "directory.end_link", link)


def token_of(link: ConfirmLink) -> str:
    """What stands in the link: the row's number, signed."""
    return signing.Signer(salt=_SALT).sign_object(link.pk.hex)


def found_by(token: str) -> ConfirmLink | None:
    """The link of a token that is ours, in time and not ended."""
    try:
        number = UUID(hex=signing.Signer(salt=_SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    live = ConfirmLink.objects.filter(withdrawn_at=None, expires_at__gt=timezone.now())
    return live.select_related("organization").filter(pk=number).first()


def _send(link: ConfirmLink, count: int) -> None:
    address = settings.ENVIRONMENT.url + reverse("directory-keep", args=[token_of(link)])
    told = {"organization": link.organization, "link": address, "until": link.expires_at, "count": count}
    with translation.override(link.language or settings.LANGUAGE_CODE):
        text = render_to_string("directory/keeping/mail.txt", told)
        subject = _("Is what people read about you still right?")
    EmailMessage(subject, text, to=[link.email]).send()


# --- what the organisation answers ----------------------------------------------------------------------


def waiting(link: ConfirmLink) -> QuerySet[Confirmation]:
    """The services of a link that everybody still sees, in the order of their names."""
    shown = link.confirmations.filter(service__withheld=False).exclude(service__status="inactive")
    return shown.select_related("service").order_by("service__name", "pk")


def confirm(token: str, service_id: UUID, based_on: int) -> None:
    """The organisation says that a service is right as it read it. `Conflict` where it changed since."""
    with transaction.atomic():
        answer = _open_answer(token, service_id)
        service = Service.objects.select_for_update(no_key=True).get(pk=service_id)
        actions.check_version(service, based_on)
        by = answer.link.organization.name
        actions.mark_checked(SYSTEM, service, by, timezone.localdate())
        _answered(answer, Confirmation.Answer.CONFIRMED)


def propose(token: str, service_id: UUID, after: Mapping[str, Any], note: str) -> Proposal | None:
    """The organisation says what should be different; an editor decides. Nothing said is nothing done."""
    with transaction.atomic():
        answer = _open_answer(token, service_id)
        now = shapes.read(answer.service)
        wanted = {name: value for name, value in after.items() if name in PROPOSED}
        changed = changed_fields(now, wanted)
        if not changed and not note.strip():
            return None
        check_silent(answer.service.confidential, [note, *(wanted[name] for name in changed)])
        made = Proposal.objects.create(
            service=answer.service,
            confirmation=answer,
            before={name: now[name] for name in changed},
            after={name: wanted[name] for name in changed},
            note=note.strip()[:_MOST_NOTE],
        )
        _answered(answer, Confirmation.Answer.PROPOSED)
        audit.record(SYSTEM, "directory.propose", made, after={"fields": changed})
        return made


def _open_answer(token: str, service_id: UUID) -> Confirmation:
    """The row to answer, held. Raises `NotPossible` where it is answered, or not of this link."""
    link = found_by(token)
    if link is None:
        raise NotPossible(_("This link has ended."))
    found = link.confirmations.select_for_update(no_key=True, of=("self",)).select_related(
        "service", "link__organization"
    )
    answer = found.filter(service_id=service_id).first()
    if answer is None:
        raise NotPossible(_("This link is not for this service."))
    if answer.answer:
        raise NotPossible(_("This service was answered for already. Thank you."))
    return answer


def _answered(answer: Confirmation, said: Confirmation.Answer) -> None:
    answer.answer, answer.answered_at = said, timezone.now()
    answer.save(update_fields=["answer", "answered_at"])


# --- what an editor decides ------------------------------------------------------------------------------


def accept(actor: Actor, proposal_id: UUID, based_on: int) -> actions.Saved:
    """Write what was proposed into the record as it is now, which is thereby checked."""
    with transaction.atomic():
        proposal = _open_proposal(actor, proposal_id)
        service = proposal.service
        draft = shapes.read(service) | proposal.after
        saved = actions.save(actor, "service", service.pk, based_on, draft)
        service.refresh_from_db()
        actions.mark_checked(actor, service, service.organization.name, timezone.localdate())
        _decide(actor, proposal, Proposal.State.ACCEPTED, "")
        return saved


def decline(actor: Actor, proposal_id: UUID, reason: str) -> None:
    """Leave the record as it is, and say why."""
    if len(reason.strip()) < 5:
        raise NotPossible(_("Say why: those who look after the record later will read it."))
    with transaction.atomic():
        _decide(actor, _open_proposal(actor, proposal_id), Proposal.State.DECLINED, reason.strip())


def _open_proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    found = Proposal.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "service__organization"
    )
    proposal = found.get(pk=proposal_id)
    check_edit(actor, proposal.service.organization)
    if proposal.state != Proposal.State.OPEN:
        raise NotPossible(_("This was decided already."))
    return proposal


def _decide(actor: Actor, proposal: Proposal, state: Proposal.State, reason: str) -> None:
    proposal.state, proposal.reason = state, reason
    proposal.decided_at, proposal.decided_by_id = timezone.now(), actor.person_id
    proposal.save()
    verb = "accept" if state == Proposal.State.ACCEPTED else "decline"
    audit.record(actor, f"directory.{verb}_proposal", proposal, reason=reason)
