"""Reads: a person's tokens, and the actor behind a token."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.api.models import Token
from philoxenia_web.api.policies import ALWAYS
from philoxenia_web.api.tokens import digest_of, is_token


def tokens_of(actor: Actor) -> QuerySet[Token]:
    """The person's own tokens, newest first. Nobody sees another's."""
    return Token.objects.filter(person_id=actor.person_id).select_related("organisation")


def active_token(text: str) -> Token | None:
    """The token with this text, unless it is expired, revoked or its owner may no longer enter."""
    if not is_token(text):
        return None
    return (
        Token.objects.select_related("person")
        .filter(
            digest=digest_of(text),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            person__is_active=True,
            epoch=F("person__epoch"),
            organisation__active=True,
        )
        .first()
    )


def actor_behind(token: Token, request_id: str = "") -> Actor:
    """The token's owner, with the roles held now in the token's organisation and no scope beyond its own."""
    actor = actor_for(token.person, frozenset(token.scopes) | ALWAYS)
    here = frozenset((place, role) for place, role in actor.memberships if place == token.organisation_id)
    return replace(actor, memberships=here, request_id=request_id)


def mark_used(token: Token, today: date) -> None:
    """Remember the day; one write a day."""
    if token.last_used_on != today:
        Token.objects.filter(pk=token.pk).update(last_used_on=today)


def epoch_of(actor: Actor) -> int:
    """The person's epoch now; tokens of an earlier one are over."""
    return get_user_model().objects.values_list("epoch", flat=True).get(pk=actor.person_id)


def token_of(actor: Actor, token_id: UUID) -> Token:
    """One of the person's own tokens; every other is not found."""
    return get_object_or_404(tokens_of(actor), pk=token_id)
