"""Who must have a second factor, whether they have one, and whether this session showed it.

`settings.SECOND_FACTOR` says for whom: staff (whoever holds a role; partners read of residents too),
everyone, or nobody (in the demo).
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from philoxenia_web.accounts.access import Actor

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_SESSION_KEY = "second_factor"


def is_required(actor: Actor) -> bool:
    """Whether the installation asks a second factor of somebody with these roles."""
    if settings.SECOND_FACTOR == "staff":
        return bool(actor.roles)
    return settings.SECOND_FACTOR == "everyone"


def is_missing(request: HttpRequest, actor: Actor) -> bool:
    """Whether a second factor must be set up or shown before anything else; remembered once this session did.

    That the person has one is not enough: a session that began with a password alone may be somebody else's.
    """
    if not is_required(actor) or request.session.get(_SESSION_KEY):
        return False
    if _provider_asked(request) or (_shown(request) and has_one(actor)):
        remember(request)
        return False
    return True


def remember(request: HttpRequest) -> None:
    """This session showed a second factor, or is the one that set it up."""
    request.session[_SESSION_KEY] = True


def _shown(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == "mfa" for one in records)


def has_one(actor: Actor) -> bool:
    """Whether the person has an authenticator app or a passkey; recovery codes alone do not count."""
    return Authenticator.objects.filter(user_id=actor.person_id, type__in=KINDS).exists()


def is_first(authenticator: Authenticator) -> bool:
    """Whether the person had no second factor before this one."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=KINDS)
    return authenticator.type in KINDS and not others.exclude(pk=authenticator.pk).exists()


def forget(request: HttpRequest) -> None:
    """Look again at the next page."""
    request.session.pop(_SESSION_KEY, None)


def _provider_asked(request: HttpRequest) -> bool:
    """Whether this session came through the city's provider, which asks for a second factor itself."""
    if not settings.OIDC_HAS_SECOND_FACTOR:
        return False
    methods = request.session.get("account_authentication_methods", [])
    return any(method.get("method") == "socialaccount" for method in methods)
