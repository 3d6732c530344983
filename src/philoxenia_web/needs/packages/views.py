"""The finder of packages of programmes."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access
from philoxenia_web.datasets.queries import package
from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs import words
from philoxenia_web.needs.counting import link_error
from philoxenia_web.needs.cube import EVERYBODY, Cube
from philoxenia_web.needs.packages.asked import Wanted, catalogue, wanted
from philoxenia_web.needs.packages.page import Finder
from philoxenia_web.needs.policies import READ
from philoxenia_web.needs.reading import of_a_run
from philoxenia_web.needs.run_words import about, sources
from philoxenia_web.ui import numbers


@access(READ)
@require_safe
@of_a_run
def packages(request: HttpRequest, run: RunFacts, cube: Cube) -> HttpResponseBase:
    """Which programmes together reach most people, newcomers and long-term residents apart."""
    city = package()
    asked = wanted(request.GET, catalogue(city, cube.needs), cube.needs)
    finder = Finder(request, cube, link_error(run.quality), asked, city.currency)
    if finder.table.wants_export:
        return finder.table.export()
    context = {
        "run": run,
        "finder": finder,
        "form": choices(asked, cube),
        "currency": city.currency,
        "about": about(run),
        "sources": sources(run, cube, EVERYBODY),
        "tabs": "packages",
    }
    return render(request, "needs/packages.html", context)


def choices(asked: Wanted, cube: Cube) -> dict[str, Any]:
    """The form's entries: the catalogue, own programmes, limits."""
    return {
        "catalogue": [
            {
                "id": one.programme.id,
                "name": one.programme.name,
                "meets": words.together(one.programme.needs),
                "cost": numbers.number(one.programme.cost),
                "chosen": one.chosen,
            }
            for one in asked.entries
            if not one.is_own
        ],
        "own": [
            {
                "row": row,
                "number": row + 1,
                "name": one.programme.name if one.chosen else "",
                "cost": f"{one.programme.cost:.0f}" if one.programme.cost else "",
                "meets": words.together(one.programme.needs),
                "needs": [(need, words.need(need), need in one.programme.needs) for need in cube.needs],
            }
            for row, one in enumerate(one for one in asked.entries if one.is_own)
        ],
        "most": [(number, number == asked.most) for number in range(1, 9)],
        "budget": f"{asked.budget:.0f}" if asked.budget is not None else "",
        "aim": asked.objective,
        "chosen": len(asked.programmes),
    }
