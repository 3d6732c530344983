"""What ends with a case. Parts that know cases say so when they start; cases know none of them."""

from collections.abc import Callable
from uuid import UUID

End = Callable[[UUID], object]
_WITH_A_CASE: list[End] = []


def ends_with_a_case(end: End) -> None:
    """Called in an app's `ready`: `end(case_id)` in the transaction that closes the case."""
    if end not in _WITH_A_CASE:
        _WITH_A_CASE.append(end)


def end_all(case_id: UUID) -> None:
    """End whatever hangs on a case."""
    for end in _WITH_A_CASE:
        end(case_id)
