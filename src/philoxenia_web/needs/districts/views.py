"""Estimates by district."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access
from philoxenia_web.datasets.queries import package
from philoxenia_web.needs.districts.page import View
from philoxenia_web.needs.places import places
from philoxenia_web.needs.policies import READ
from philoxenia_web.ui import numbers
from philoxenia_web.ui.late import Late

_small_area = Late("philoxenia.needs.small_area")


@access(READ)
@require_safe
def districts(request: HttpRequest) -> HttpResponseBase:
    """One estimate by district, as map and table; what is missing where it cannot be made."""
    view = View(request, places(), package().currency)
    try:
        if view.table.wants_export:
            return view.table.export()
        prices = [(f"{one:.0f}", numbers.number(one), one == view.price) for one in view.prices]
        context = {"view": view, "map": view.map, "prices": prices if view.topic.has_price else []}
    except _small_area.SmallAreaError as lacking:
        return render(request, "needs/districts.html", {"lacking": str(lacking)})
    return render(request, "needs/districts.html", context)
