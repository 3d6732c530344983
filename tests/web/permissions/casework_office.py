"""Handing casework in takes two roles in one department and an agreement in force: no role alone may."""

from typing import Any
from uuid import uuid4


def world(_organisation: Any, _people: Any) -> dict[str, Any]:
    """An agreement that is nobody's; who may is in tests/web/casework_office/test_casework_extract.py."""
    return {"office-hand-in": ({"agreement_id": uuid4()}, {"key": str(uuid4())})}
