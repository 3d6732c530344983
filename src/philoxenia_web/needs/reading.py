"""How every page of a linked picture begins: the run a person may read and its protected cube."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs.cube import Cube
from philoxenia_web.needs.keeping import KeyGone, cube_of

Page = Callable[[HttpRequest, RunFacts, Cube], HttpResponseBase]


def of_a_run(page: Page) -> Callable[..., HttpResponseBase]:
    """A view of a run's protected tables; after the end of its agreement a sentence stands in its place."""

    @wraps(page)
    def view(request: HttpRequest, run_id: UUID, **rest: Any) -> HttpResponseBase:
        actor = actor_of(request)
        run = runs.run_facts(actor, run_id)
        try:
            cube = None if run.ended else cube_of(actor, run)
        except KeyGone:
            cube = None
        if cube is None:
            return render(request, "needs/ended.html", {"run": run}, status=410)
        return page(request, run, cube, **rest)

    return view
