"""Who must have a second factor, and whether they have one.

`settings.SECOND_FACTOR` says for whom: staff (whoever holds a role; partners read of residents too),
everyone, or nobody (in the demo).
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from philoxenia_web.accounts.access import Actor

_SESSION_KEY = "second_factor"


def is_required(actor: Actor) -> bool:
    """Whether the installation asks a second factor of somebody with these roles."""
    if settings.SECOND_FACTOR == "staff":
        return bool(actor.roles)
    return settings.SECOND_FACTOR == "everyone"


def is_missing(request: HttpRequest, actor: Actor) -> bool:
    """Whether a second factor must be set up before anything else; remembered once there is one."""
    if not is_required(actor) or request.session.get(_SESSION_KEY):
        return False
    if _provider_asked(request) or has_one(actor):
        request.session[_SESSION_KEY] = True
        return False
    return True


def has_one(actor: Actor) -> bool:
    """Whether the person has an authenticator app or a passkey; recovery codes alone do not count."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=actor.person_id, type__in=kinds).exists()


def forget(request: HttpRequest) -> None:
    """Look again at the next page."""
    request.session.pop(_SESSION_KEY, None)


def _provider_asked(request: HttpRequest) -> bool:
    """Whether this session came through the city's provider, which asks for a second factor itself."""
    if not settings.OIDC_HAS_SECOND_FACTOR:
        return False
    methods = request.session.get("account_authentication_methods", [])
    return any(method.get("method") == "socialaccount" for method in methods)
