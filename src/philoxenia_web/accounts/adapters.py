"""Where allauth asks us: who may join, how mail is written, how secrets are kept."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.crypto import salted_hmac

from philoxenia_web.accounts import invitations
from philoxenia_web.accounts.models import Person

Leads = Callable[[HttpRequest], str]
_LEADS: list[Leads] = []


def leave_by(leads: Leads) -> None:
    """Called in an app's `ready`: the address where who signs out of this browser passes first, or ''."""
    if leads not in _LEADS:
        _LEADS.append(leads)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; mail goes out in the language of who reads it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Plain text in the person's language, else in that of the request."""
        person = Person.objects.filter(email__iexact=email).first()
        with translation.override(_language_of(person)):
            super().send_mail(template_prefix, email, context)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Where this browser still keeps something of theirs, first to where it is put away."""
        return next(filter(None, (leads(request) for leads in _LEADS)), "") or str(
            super().get_logout_redirect_url(request)
        )

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this application, written as a path."""
        return bool(url) and url.startswith("/") and super().is_safe_url(url)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """The city's identity provider says who somebody is, never that they may join."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """People come by invitation."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> Any:
        """Find the account of an address only where the provider says plainly that it checked the address."""
        if not _vouched_for(sociallogin):
            return None
        return super().authenticate_by_email(sociallogin)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whoever has an open invitation for an address the provider vouches for accepts it by signing in."""
        if sociallogin.is_existing:
            return
        person = invitations.accept_by_provider(
            _vouched_for(sociallogin), sociallogin.account.extra_data or {}
        )
        if person is not None:
            sociallogin.connect(request, person)


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted in the database."""

    def encrypt(self, text: str) -> str:
        """With a key that follows from the installation's secret."""
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Also what an older secret of the installation encrypted."""
        return _vault().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are kept under the product's name, for the host people know."""
        return super().get_public_key_credential_rp_entity() | {"name": "Philoxenia"}


def _vouched_for(sociallogin: SocialLogin) -> list[str]:
    # Some providers write "false" as a text, which would count as true.
    return [address.email for address in sociallogin.email_addresses if address.verified is True]


def _language_of(person: Person | None) -> str:
    return (person.language if person else "") or translation.get_language() or settings.LANGUAGE_CODE


def _vault() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(secret)) for secret in secrets])


def _key_from(secret: str) -> bytes:
    digest = salted_hmac("philoxenia.second_factor", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(hashlib.sha256(digest).digest())
