"""Nothing is written about a person whom the visit does not see, whatever row it would stand in."""

from django.db import migrations

from philoxenia_web.registry.people.policies_sql import DESKS, SYSTEM, sees_resident


def _insert(table: str, own: str, empty: str = "") -> migrations.RunSQL:
    """The rule for new rows of `table` anew: `own` as before, and the person is seen (or nobody is named)."""
    seen = f"({empty}{sees_resident(f'{table}.resident_id')})"
    drop = f"drop policy {table}_insert on {table};"
    make = f"create policy {table}_insert on {table} for insert with check"
    return migrations.RunSQL(f"{drop} {make} (({own}) and {seen});", f"{drop} {make} ({own});")


_OWN = f"organisation_id = any({DESKS}) or {SYSTEM}"
_SENDS = f"{SYSTEM} or sender_id = any({DESKS})"
_OF_CASE = (
    f"{SYSTEM} or exists (select 1 from casework_case c"  # noqa: S608 (tables of ours)
    f" where c.id = casework_caseneed.case_id and c.organisation_id = any({DESKS}))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0040_offline"),
        ("registry", "0002_people"),
    ]

    operations = [
        _insert("casework_case", _OWN),
        _insert("casework_caseneed", _OF_CASE),
        _insert("casework_referral", _SENDS),
        _insert("casework_appointment", _OWN),
        _insert("casework_ticket", _OWN, "casework_ticket.resident_id is null or "),
    ]
