"""What there is to see of agreements, for whom."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, Permission
from philoxenia_web.linkage.models import Agreement, Party, Signature
from philoxenia_web.linkage.policies import SEE, seen_by


def agreements_for(actor: Actor, permission: Permission = SEE) -> QuerySet[Agreement]:
    """Agreements the actor has to do with, the newest first; the application itself has to do with all."""
    parties = Prefetch("parties", Party.objects.select_related("organisation").order_by("organisation__name"))
    signed = Prefetch("signatures", Signature.objects.select_related("organisation").order_by("at"))
    found = Agreement.objects.prefetch_related(parties, signed).order_by("-made_at")
    if actor is SYSTEM:
        return found
    return found.filter(pk__in=Agreement.objects.filter(seen_by(actor, permission)).values("pk"))


def agreement_for(actor: Actor, agreement_id: UUID, permission: Permission = SEE) -> Agreement:
    """One agreement. Raises `Http404` where the actor has nothing to do with it."""
    found = agreements_for(actor, permission).filter(pk=agreement_id).first()
    if found is None:
        raise Http404(_("There is no such agreement, or it is not yours to see."))
    return found


@dataclass(frozen=True)
class Signed:
    """A department and its signature of the round, if it signed."""

    organisation_id: UUID
    organisation: str
    signature: Signature | None


def signatures_of(agreement: Agreement) -> list[Signed]:
    """Each department that takes part, with its signature of the present round."""
    known = {one.organisation_id: one for one in agreement.signatures.all() if one.round == agreement.round}
    return [
        Signed(party.organisation_id, str(party.organisation), known.get(party.organisation_id))
        for party in agreement.parties.all()
    ]


def is_signed_by_all(agreement: Agreement) -> bool:
    """Whether every department signed the present round."""
    return all(one.signature for one in signatures_of(agreement))
