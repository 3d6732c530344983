"""Row-level security as migrations write it: conditions on the settings of a visit (`visits.py`).

The application's role is subject to it; the owner of the tables, who migrates and backs up, is not. Settings
are asked in sub-queries, so that PostgreSQL reads each once a statement and not once a row.
"""

from django.db import migrations

SYSTEM = "(select philoxenia_is_system())"
DESKS = "(select philoxenia_desks())::uuid[]"
ORGANISATIONS = "(select philoxenia_organisations())::uuid[]"
SUPERVISES = "(select philoxenia_supervises())::uuid[]"
PERSON = "(select philoxenia_person())"
RESIDENT = "(select philoxenia_resident())"
ANY_DESK = "(select cardinality(philoxenia_desks()) > 0)"


def sees_resident(column: str) -> str:
    """The condition that a resident may be seen, for tables that name one."""
    return f"exists (select 1 from registry_resident seen where seen.id = {column})"  # noqa: S608 (columns are ours)


def protect(
    table: str, condition: str, *, insert: str = "", update: str = "", delete: str = ""
) -> migrations.RunSQL:
    """Rows of `table` are seen and written where `condition` holds; writing may ask for something else."""
    rules = {
        "select": f"using ({condition})",
        "insert": f"with check ({insert or condition})",
        "update": f"using ({update or condition}) with check ({update or condition})",
        "delete": f"using ({delete or update or condition})",
    }
    made = [f"alter table {table} enable row level security;"]
    made += [f"create policy {table}_{verb} on {table} for {verb} {rule};" for verb, rule in rules.items()]
    undone = [f"drop policy {table}_{verb} on {table};" for verb in rules]
    undone.append(f"alter table {table} disable row level security;")
    return migrations.RunSQL("\n".join(made), "\n".join(undone))


def hide(table: str) -> migrations.RunSQL:
    """No row of `table` is seen or written but through functions of the owner."""
    return migrations.RunSQL(
        f"alter table {table} enable row level security;", f"alter table {table} disable row level security;"
    )
