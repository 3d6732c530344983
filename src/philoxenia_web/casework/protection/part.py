"""Who finds this record: the part of a person's page where those who hold it say so."""

from typing import Any

from philoxenia_web.accounts.access import can
from philoxenia_web.casework.desk.parts import Shown
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE


def context(shown: Shown) -> dict[str, Any] | None:
    """For the department that holds the record alone: which one that is tells others something."""
    holder = shown.record.organisation_id
    return {"lifts": can(shown.actor, SUPERVISE, holder)} if can(shown.actor, CASEWORK, holder) else None
