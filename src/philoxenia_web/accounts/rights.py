"""What the application's database role may do: rows everywhere, but the audit trail only grows."""

from typing import Any

from django.db import connections

APPLICATION_ROLE = "philoxenia_app"
# Tables to which rows may only be added.
APPEND_ONLY = ("accounts_auditentry",)


def grant_rights(using: str = "default", **_: Any) -> None:
    """Grant after migrating, as the owner of the tables; nothing where the role is missing or our own."""
    with connections[using].cursor() as cursor:
        cursor.execute("select current_user, 1 from pg_roles where rolname = %s", [APPLICATION_ROLE])
        found = cursor.fetchone()
        if found is None or found[0] == APPLICATION_ROLE:
            return
        cursor.execute(f"grant usage on schema public to {APPLICATION_ROLE}")
        cursor.execute(
            f"grant select, insert, update, delete on all tables in schema public to {APPLICATION_ROLE}"
        )
        cursor.execute(f"grant usage, select on all sequences in schema public to {APPLICATION_ROLE}")
        for table in APPEND_ONLY:
            cursor.execute(f"revoke update, delete, truncate on {table} from {APPLICATION_ROLE}")
