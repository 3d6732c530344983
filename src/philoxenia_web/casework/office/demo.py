"""The figures of the demonstration's months."""

from typing import Any

from philoxenia_web.casework.office.making import make_missing


def make_demo_office(front: Any) -> None:
    """Every month that is over; called last, when all work of the demonstration is there."""
    make_missing(front.now)
