"""What the steps of a foresight study's wizard share: saving a part of the plan and telling what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from philoxenia_web.accounts.access import Actor
from philoxenia_web.studies import actions
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.foresight_plan import Plan
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Conflict, Refused
from philoxenia_web.studies.views.answers import Draft, of_own_draft
from philoxenia_web.studies.views.choosing import version_of

_PREFIX = "plan/"


@dataclass
class Trouble:
    """Why nothing was saved: sentences by field (those of the engine are English), or another's change."""

    wrong: dict[str, str] = field(default_factory=dict)
    english: frozenset[str] = frozenset()
    conflict: Conflict | None = None

    @property
    def status(self) -> int:
        """What the answer is."""
        return 409 if self.conflict else 422 if self.wrong else 200


def of_own_foresight(view: Draft) -> Any:
    """A step of a foresight draft of one's own; a study of another kind goes on with its own steps."""

    @of_own_draft
    def found(request: HttpRequest, actor: Actor, study: Study, **address: Any) -> HttpResponse:
        return (
            view(request, actor, study, **address)
            if study.is_foresight
            else redirect("study-check", study.pk)
        )

    return found


def save(request: HttpRequest, actor: Actor, study: Study, part: Mapping[str, Any]) -> Trouble | None:
    """Put a part into the plan as it is; what could not be, or None where it was."""
    try:
        wanted = Settings(plan=joined(study.plan, part))
        actions.change(actor, study.pk, version_of(request), wanted)
    except Conflict as conflict:
        study.refresh_from_db()
        return Trouble(conflict=conflict)
    except Refused as refusal:
        study.refresh_from_db()
        place = refusal.field.removeprefix(_PREFIX)
        return Trouble({place: str(refusal)}, frozenset({place} if place != refusal.field else ()))
    return None


def joined(plan: Mapping[str, Any], part: Mapping[str, Any]) -> Plan:
    """The plan with a part in place of the old one; what is empty stands for the default."""
    whole = {**plan, **part}
    return {name: value for name, value in whole.items() if value is not None and value != {} and value != []}
