"""A person sees what was noted of them, in the case of somebody they live with too."""

from django.db import migrations

from philoxenia_web.registry.people.policies_sql import DESKS, RESIDENT, SYSTEM

_CASE = "exists (select 1 from casework_case c where c.id = casework_caseneed.case_id and"
_BEFORE = f"{SYSTEM} or {_CASE} (c.organisation_id = any({DESKS}) or c.resident_id = {RESIDENT}))"
_AFTER = f"{_BEFORE} or resident_id = {RESIDENT}"


def _seen(condition: str) -> str:
    return f"alter policy casework_caseneed_select on casework_caseneed using ({condition});"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0066_protected_referrals"),
    ]

    operations = [migrations.RunSQL(_seen(_AFTER), _seen(_BEFORE))]
