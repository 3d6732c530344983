"""Protecting a record and lifting that, from the person's page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework.desk.writing import back_to_person, carried_out, key_from, version_from
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.registry.people import protecting
from philoxenia_web.registry.people.visits import at_the_desk


@access(CASEWORK)
@require_POST
@at_the_desk
def protect(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The desk that holds the record protects it; its supervisors lift that."""
    actor, restricted = actor_of(request), request.POST.get("restricted") == "yes"

    def act() -> object:
        return protecting.protect(actor, resident_id, restricted, version_from(request), key_from(request))

    carried_out(
        request, act, _("Only your team finds it now.") if restricted else _("The protection is lifted.")
    )
    return back_to_person(resident_id, "protection")
