"""Lists that came in, when somebody is forgotten: no row leads to them, and their number is known no more."""

from uuid import UUID

from django.db import connection

from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import ImportRow
from philoxenia_web.registry.rights.parts import Eraser

_LEFT_OUT = """
    update registry_importrow set candidates = array_remove(candidates, %(one)s)
    where state = 'doubtful' and %(one)s = any(candidates)"""


def forget(_actor: Actor, resident_id: UUID) -> None:
    """Twice is once. What the department brings again later is a new person."""
    ImportRow.objects.filter(resident_id=resident_id).update(resident_id=None, mark=b"")
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OUT, {"one": resident_id})


ERASER = Eraser("imports", lambda _resident_id: [], forget)
