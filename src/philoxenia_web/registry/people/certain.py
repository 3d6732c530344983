"""The one person whom all names and the whole date of birth tell; for emergencies alone.

This is no search: who is meant must be known already. Somebody like it, or two, is nobody.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry.people import finding
from philoxenia_web.registry.refusals import NotPossible


def only_one(names: str, birth: str) -> UUID | None:
    """Whose names all these are and who was surely born on this day, where that is one person alone.

    Protected records too: the caller asks who may, counts, and tells those concerned. Raises `NotPossible`
    for less than two names and a whole date.
    """
    question = finding.Question(names, birth)
    asked = finding.read_question(question)
    if len(asked.pieces.strong) < 2 or asked.birth is None or not (asked.birth.month and asked.birth.day):
        raise NotPossible(_("Write two names or more, and the whole date of birth, such as 5.3.1987."))
    told = [hit for hit in finding.alike(SYSTEM, question, "break_glass").hits if _is_told(hit)]
    return told[0].resident_id if len(told) == 1 else None


def _is_told(hit: finding.Hit) -> bool:
    return hit.score == 1.0 and hit.why == ["names", "birth_date"]
