"""The protected cube of a run: made once after it, kept sealed, opened for every view.

Unprotected cells are read here and nowhere else in this app, and never leave this file.
"""

from uuid import UUID

from django.db import transaction

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.audit import record
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs import cube
from philoxenia_web.needs.models import ReleasePlan
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry.refusals import KeyGone

__all__ = ["KeyGone", "cube_of", "protect"]
_USE = "needs.release_plan"


def cube_of(actor: Actor, run: RunFacts) -> cube.Cube:
    """The protected tables of a run the actor may read. `KeyGone` after the end of its agreement."""
    kept = ReleasePlan.objects.filter(pk=run.run_id).first() or protect(actor, run)
    return cube.from_bytes(registry.unseal(kept.agreement_id, bytes(kept.sealed), _place(run.run_id)))


def protect(actor: Actor, run: RunFacts) -> ReleasePlan:
    """Make and keep the cube of a finished run; twice is once."""
    cells = runs.overlap_cells(actor, run.run_id)
    # The secret is the agreement's, not the run's: a second run of the same lists rounds them the same way.
    made = cube.protected(cells, run.needs, registry.derive(run.agreement_id, _USE))
    sealed = registry.seal(run.agreement_id, cube.to_bytes(made), _place(run.run_id))
    with transaction.atomic():
        kept, is_new = ReleasePlan.objects.get_or_create(
            run_id=run.run_id, defaults={"agreement_id": run.agreement_id, "sealed": sealed}
        )
        if is_new:
            record(SYSTEM, "needs.protect", kept, after={"tables": len(made.tables)})
    return kept


def _place(run_id: UUID) -> str:
    return f"{_USE}/{run_id}"
