"""How the refusals of other apps read as problems."""

from collections.abc import Callable

from philoxenia_web.accounts.actions import ChangedMeanwhile
from philoxenia_web.api.problems import Problem

REFUSALS: dict[type[Exception], Callable[[Exception], Problem]] = {
    ChangedMeanwhile: lambda _error: Problem("changed-meanwhile"),
}
