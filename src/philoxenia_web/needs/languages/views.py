"""The gap map of languages."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access
from philoxenia_web.needs.languages.page import View
from philoxenia_web.needs.places import places
from philoxenia_web.needs.policies import READ_LANGUAGES
from philoxenia_web.ui.late import Late

_needs = Late("philoxenia.needs.types")


@access(READ_LANGUAGES)
@require_safe
def languages(request: HttpRequest) -> HttpResponseBase:
    """Map and tables; what is missing where they cannot be made."""
    view = View(request, places())
    try:
        if not view.totals:
            return render(request, "needs/languages.html", {"view": None})
        for table in (view.districts, view.languages):
            if table.wants_export:
                return table.export()
    except _needs.NeedsError as lacking:
        return render(request, "needs/languages.html", {"lacking": str(lacking)})
    return render(request, "needs/languages.html", {"view": view, "map": view.map})
