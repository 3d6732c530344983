"""The parts of a person's page that are casework itself: household, needs, plan, tasks, notes, documents."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.cards.desk import card_part
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.casework.desk.parts import Part, Shown, add_part
from philoxenia_web.casework.models.cases import CaseNeed
from philoxenia_web.registry.models import Consent, RightsRequest
from philoxenia_web.registry.people.shapes import Member
from philoxenia_web.registry.rights.part import rights_part

_FOLDER = "casework/desk/parts"
_MORE_NOTES = 5


def _of_case(values: Callable[[Shown], dict[str, Any]]) -> Callable[[Shown], dict[str, Any] | None]:
    """A part that is there where this desk has a case, a closed one too."""

    def context(shown: Shown) -> dict[str, Any] | None:
        return values(shown) if shown.work else None

    return context


def _others(shown: Shown) -> list[Member]:
    return [one for one in shown.record.household if one.resident_id != shown.record.id]


def _household(shown: Shown) -> dict[str, Any]:
    return {"members": _others(shown)}


def _needs(shown: Shown) -> dict[str, Any]:
    live = shown.work.live_needs
    return {
        "live": live,
        "past": [one for one in shown.work.needs if one not in live],
        "severities": CaseNeed.Severity.choices,
        "household": {one.resident_id: one.name for one in _others(shown)},
    }


def _plan(shown: Shown) -> dict[str, Any]:
    work = shown.work
    return {
        "goals": work.goals,
        "lines": work.service_lines,
        "words": work.words,
        "services": work.services,
    }


def _tasks(shown: Shown) -> dict[str, Any]:
    work = shown.work
    return {
        "to_do": [one for one in work.tasks if one.state == "open"],
        "past": [one for one in work.tasks if one.state != "open"],
        "words": work.words,
        "workers": work.workers,
    }


def _notes(shown: Shown) -> dict[str, Any]:
    work = shown.work
    older = len(work.notes) * _MORE_NOTES if work.has_older_notes else 0
    return {"notes": work.notes, "words": work.words, "workers": work.workers, "older": older}


def _documents(shown: Shown) -> dict[str, Any]:
    return {"documents": shown.work.documents}


def _card(shown: Shown) -> dict[str, Any] | None:
    return card_part(shown.actor, _ids(shown), shown.has(Application, Card))


def _ids(shown: Shown) -> list[UUID]:
    return [shown.record.id, *shown.record.merged_ids]


def _rights(shown: Shown) -> dict[str, Any] | None:
    # The registry's part: it knows no pages of the desk.
    return rights_part(shown.actor, _ids(shown), shown.has(Consent, RightsRequest))


def register() -> None:
    """Called when the app starts."""
    parts = [
        Part(20, "needs", _("Needs"), f"{_FOLDER}/needs.html", _of_case(_needs)),
        Part(30, "plan", _("Plan"), f"{_FOLDER}/plan.html", _of_case(_plan)),
        Part(40, "tasks", _("Tasks"), f"{_FOLDER}/tasks.html", _of_case(_tasks)),
        Part(50, "notes", _("Notes"), f"{_FOLDER}/notes.html", _of_case(_notes)),
        Part(10, "household", _("Household"), f"{_FOLDER}/household.html", _household, side=True),
        Part(60, "documents", _("Documents"), f"{_FOLDER}/documents.html", _of_case(_documents), side=True),
    ]
    tables = (Consent, RightsRequest)
    page = "registry/rights/part.html"
    rights = Part(80, "rights", _("Rights and consent"), page, _rights, side=True, tables=tables)
    cards = (Application, Card)
    card = Part(70, "card", _("City card"), "cards/staff/part.html", _card, side=True, tables=cards)
    for one in (*parts, rights, card):
        add_part(one)
