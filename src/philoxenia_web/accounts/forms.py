"""Forms of people, organisations, invitations and the own profile. Each reads only the fields it names."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.passwords import CommonPasswordValidator
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.accounts.roles import Role


class KeyedForm(forms.Form):
    """A form that makes something: sent twice, it makes it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class VersionForm(forms.Form):
    """A form that changes something: it says which version it was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class OrganisationForm(KeyedForm):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Organisation.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("Departments belong to the city. Partners work with it under agreements."),
    )

    def clean_name(self) -> str:
        """Names are unique, however they are written."""
        return _free_name(self.cleaned_data["name"])


class RenameForm(VersionForm):
    """Another name for an organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_name(self) -> str:
        """Names are unique, however they are written."""
        return _free_name(self.cleaned_data["name"], self.organisation)


class RolesForm(VersionForm):
    """Which roles somebody holds in one organisation."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple, choices=Role.choices
    )

    def __init__(self, *args: Any, grantable: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, role.label) for role in grantable]

    def chosen(self) -> set[Role]:
        """The roles as such."""
        return {Role(name) for name in self.cleaned_data["roles"]}


class InviteForm(KeyedForm):
    """An invitation."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People of a partner can only be partners. An auditor holds no other role."),
    )
    language = forms.ChoiceField(
        label=_("Language of the message"),
        choices=[("", _("English")), *settings.LANGUAGES[1:]],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations()

    def chosen(self) -> set[Role]:
        """The roles as such."""
        return {Role(name) for name in self.cleaned_data["roles"]}


class ProfileForm(forms.Form):
    """One's own name and language."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class AcceptForm(ProfileForm):
    """What an invited person says about themselves, and a password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=CommonPasswordValidator().get_help_text(),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password against the rules, knowing name and address."""
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            try:
                validate_password(cleaned["password"], Person(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class TrailFilter(forms.Form):
    """Which entries of the trail to show."""

    person = forms.CharField(label=_("Who: name, address or id"), required=False, max_length=200)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), required=False, queryset=Organisation.objects.none()
    )
    action = forms.CharField(label=_("Action"), required=False, max_length=100)
    object_type = forms.CharField(label=_("Kind of object"), required=False, max_length=50)
    object_id = forms.CharField(label=_("Object's id"), required=False, max_length=100)
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, actions: list[tuple[str, Any]], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations(with_closed=True)
        self.fields["organisation"].empty_label = _("All")
        everything = [("", _("All"))]
        self.fields["action"].widget = forms.Select(choices=everything + actions)
        self.fields["object_type"].widget = forms.Select(
            choices=everything + [(kind, kind) for kind in kinds]
        )


def _free_name(name: str, own: Organisation | None = None) -> str:
    taken = Organisation.objects.filter(name__iexact=name.strip())
    if own is not None:
        taken = taken.exclude(pk=own.pk)
    if taken.exists():
        raise forms.ValidationError(_("There is an organisation of this name already. Choose another name."))
    return name.strip()
