"""allauth's forms with our labels' habits: no placeholders, and what a browser or telephone should offer."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.passwords import CommonPasswordValidator


class _Plain:
    """Takes placeholders and links out of the fields, and says what to type where."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            self._prepare(name, field)

    def _prepare(self, name: str, field: forms.Field) -> None:
        if name in ("login", "email"):
            field.label = _("E-mail address")
            field.widget.attrs |= {"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}
        if name == "password1":
            field.widget.attrs["autocomplete"] = "new-password"
            field.help_text = CommonPasswordValidator().get_help_text()
        if name == "code":
            field.widget.attrs |= {
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }


class LoginForm(_Plain, account.LoginForm):
    """E-mail address and password."""


class ResetPasswordForm(_Plain, account.ResetPasswordForm):
    """Where to send the way back in."""


class ResetPasswordKeyForm(_Plain, account.ResetPasswordKeyForm):
    """A new password after a reset."""


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    """A new password, knowing the old one."""


class SetPasswordForm(_Plain, account.SetPasswordForm):
    """A first password, for who came through the city's identity provider."""


class AddEmailForm(_Plain, account.AddEmailForm):
    """Another e-mail address."""


class ReauthenticateForm(_Plain, account.ReauthenticateForm):
    """The password again, before something sensitive."""


class AuthenticateForm(_Plain, mfa.AuthenticateForm):
    """The second step: a code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("From your authenticator app; or one of your recovery codes.")


class ReauthenticateByCodeForm(_Plain, mfa.ReauthenticateForm):
    """A code again, before something sensitive."""


class ActivateTotpForm(_Plain, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""
