"""Making and revoking tokens, and forgetting what was kept long enough."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.api.models import KeptAnswer, RequestCount, Token
from philoxenia_web.api.policies import MANAGE_TOKENS
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.queries import epoch_of, tokens_of
from philoxenia_web.api.repeating import KEPT
from philoxenia_web.api.scopes import scopes_for
from philoxenia_web.api.tokens import Secret, digest_of, new_secret

LONGEST_DAYS = 365


def make_token(
    actor: Actor, organisation_id: UUID, *, name: str, scopes: Iterable[str], days: int, key: UUID
) -> tuple[Token, Secret | None]:
    """A token and, this once, its secret. The same key again gives the token without it."""
    check_can(actor, MANAGE_TOKENS, organisation_id)
    wanted = sorted(set(scopes))
    _check(actor, organisation_id, wanted, days)
    secret = new_secret()
    with transaction.atomic():
        token, made = Token.objects.get_or_create(
            person_id=actor.person_id,
            key=key,
            defaults={
                "organisation_id": organisation_id,
                "name": name,
                "scopes": wanted,
                "prefix": secret.prefix,
                "digest": digest_of(secret.text),
                "expires_at": timezone.now() + timedelta(days=days),
                "epoch": epoch_of(actor),
            },
        )
        if made:
            _record(actor, "api.make_token", token)
    return token, secret if made else None


def _check(actor: Actor, organisation_id: UUID, wanted: list[str], days: int) -> None:
    if actor.scopes is not None:
        # Otherwise a token that leaked could outlive its own end.
        raise Problem("forbidden", _("A token cannot make tokens. Sign in and use the page."))
    may = {one.name for one in scopes_for(actor, organisation_id)}
    if not wanted or not set(wanted) <= may:
        raise Problem("refused", _("Choose from what you may do in this organisation yourself."))
    if not 1 <= days <= LONGEST_DAYS:
        raise Problem("refused", _("A token lasts a year at most."))


def revoke_token(actor: Actor, token_id: UUID) -> Token:
    """The token opens nothing from now on. Twice is once."""
    with transaction.atomic():
        token = tokens_of(actor).select_for_update(no_key=True, of=("self",)).filter(pk=token_id).first()
        if token is None:
            raise Http404
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            _record(actor, "api.revoke_token", token)
    return token


def _record(actor: Actor, action: str, token: Token) -> None:
    told = {"prefix": token.prefix, "scopes": token.scopes, "expires_at": token.expires_at.isoformat()}
    audit.record(actor, action, token, after=told, organisation_id=token.organisation_id)


def forget_old_answers() -> int:
    """Delete answers kept longer than promised, and counts of earlier minutes; how many answers went."""
    gone, _kinds = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    yesterday = int((timezone.now() - timedelta(days=1)).timestamp() // 60)
    RequestCount.objects.filter(minute__lt=yesterday).delete()
    return gone
