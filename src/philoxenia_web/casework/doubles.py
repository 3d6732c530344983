"""The same form sent twice, also at the same moment: one row, and the same answer to both."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from philoxenia_web.casework.refusals import NotPossible

Row = TypeVar("Row", bound=Model)


def made_once(known: Callable[[], Row | None], make: Callable[[], Row]) -> Row:
    """What was made before, else a new one. `known` finds what this form made, for who may have made it."""
    found = known()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError as fault:
        found = known()
        if found is None:
            raise met() from fault
        return found


def met() -> NotPossible:
    """Two wrote the same at one moment, and the other's row stands."""
    return NotPossible(_("Somebody else wrote the same at this moment. Load the page again."))
