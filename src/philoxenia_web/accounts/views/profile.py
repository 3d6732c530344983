"""One's own account: name, language, roles, second factors, sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts import actions
from philoxenia_web.accounts.access import SIGNED_IN, access, actor_of
from philoxenia_web.accounts.forms import ProfileForm
from philoxenia_web.accounts.models import Membership
from philoxenia_web.accounts.watching import remember_language


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """See and change what one may change about oneself."""
    person = request.user
    start = {"name": person.name, "language": person.language or translation.get_language()}
    form = ProfileForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.change_own_profile(actor_of(request), **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your profile is saved."))
        answer = redirect("profile")
        remember_language(answer, form.cleaned_data["language"])
        return answer
    kinds = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    context = {
        "form": form,
        "roles": Membership.objects.filter(person=person).select_related("organisation"),
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": list(kinds).count(Authenticator.Type.WEBAUTHN),
        "sessions": UserSession.objects.filter(user=person).count(),
        "provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "accounts/profile.html", context)
