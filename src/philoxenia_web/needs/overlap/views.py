"""The overlap explorer."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access
from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs import words
from philoxenia_web.needs.cube import EVERYBODY, Cube
from philoxenia_web.needs.overlap.asked import DISTRICT
from philoxenia_web.needs.overlap.page import Explorer
from philoxenia_web.needs.overlap.place_view import districts_table, maps, nowhere
from philoxenia_web.needs.places import places
from philoxenia_web.needs.policies import READ
from philoxenia_web.needs.reading import of_a_run
from philoxenia_web.needs.run_words import about, sources


@access(READ)
@require_safe
@of_a_run
def overlap(request: HttpRequest, run: RunFacts, cube: Cube) -> HttpResponseBase:
    """Which needs people have together: picture, map, groups, table."""
    view = Explorer(request, run, cube, places())
    tables = {"combinations": view.combinations, "groups": view.groups, "districts": districts_table(view)}
    for table in tables.values():
        if table.wants_export:
            return table.export()
    context = {
        "run": run,
        "view": view,
        "form": choices(view),
        "maps": maps(view),
        "nowhere": nowhere(view),
        "picture": view.picture,
        "closer": view.closer,
        "about": about(run),
        "sources": sources(run, cube, view.asked.grouping),
        "tabs": "overlap",
        **tables,
    }
    return render(request, "needs/overlap.html", context)


def choices(view: Explorer) -> dict[str, Any]:
    """What can be chosen: needs, people, districts, how to count."""
    wanted = view.asked
    return {
        "needs": [(need, words.need(need), need in wanted.needs) for need in view.cube.needs],
        "groups": _groups(view),
        "districts": _districts(view),
        "counts": [
            ("at-least", _("Everybody with these needs, whatever else they need"), not wanted.exactly),
            ("exactly", _("Only who has these and none of the other chosen needs"), wanted.exactly),
        ],
        "some": len(wanted.groups) if wanted.grouping == DISTRICT else 0,
        "who": _who(view),
    }


def _groups(view: Explorer) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    return [
        (
            words.grouping(grouping),
            [
                (f"{grouping}:{one}", words.group(grouping, one), view.asked.group == f"{grouping}:{one}")
                for one in view.cube.tables[grouping].known_groups
            ],
        )
        for grouping in view.cube.tables
        if grouping not in (EVERYBODY, DISTRICT)
    ]


def _districts(view: Explorer) -> list[tuple[str, str, bool]]:
    if DISTRICT not in view.cube.tables:
        return []
    there = view.cube.tables[DISTRICT].known_groups
    chosen = set(view.asked.groups) if view.asked.grouping == DISTRICT else set()
    named = [(one, view.places.name(one), one in chosen) for one in there]
    return sorted(named, key=lambda row: row[1].casefold())


def _who(view: Explorer) -> str:
    wanted = view.asked
    if wanted.group:
        return words.group(wanted.grouping, wanted.groups[0])
    if wanted.grouping == DISTRICT:
        return words.listed([view.places.name(one) for one in wanted.groups[:6]])
    return ""
