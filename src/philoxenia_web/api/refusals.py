"""How the refusals of other apps read as problems."""

from collections.abc import Callable
from typing import Any

from philoxenia_web.accounts.actions import ChangedMeanwhile
from philoxenia_web.api.problems import Problem
from philoxenia_web.casework.refusals import Conflict as CaseConflict
from philoxenia_web.casework.refusals import NotPossible as CaseNotPossible
from philoxenia_web.datasets.refusals import Conflict as DatasetConflict
from philoxenia_web.datasets.refusals import NotPossible
from philoxenia_web.registry.refusals import NotPossible as RecordNotPossible
from philoxenia_web.studies.refusals import Conflict as StudyConflict
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.ui.pieces import WrongChecksum, WrongOffset


def _refused(error: Any) -> Problem:
    """About one entry: 422 that names it; about the state of things: 409."""
    if not error.field:
        return Problem("conflict", str(error))
    return Problem("refused", str(error), errors=[{"pointer": f"/{error.field}", "detail": str(error)}])


def _changed(error: Any) -> Problem:
    return Problem("changed-meanwhile", str(error))


def _offset(error: Any) -> Problem:
    return Problem("conflict", str(error), headers={"Upload-Offset": str(error.offset)})


REFUSALS: dict[type[Exception], Callable[[Any], Problem]] = {
    ChangedMeanwhile: _changed,
    DatasetConflict: _changed,
    StudyConflict: _changed,
    CaseConflict: _changed,
    CaseNotPossible: lambda error: Problem("conflict", str(error)),
    RecordNotPossible: lambda error: Problem("conflict", str(error)),
    NotPossible: lambda error: Problem("conflict", str(error)),
    WrongOffset: _offset,
    WrongChecksum: lambda error: Problem("refused", str(error)),
    Refused: _refused,
}
