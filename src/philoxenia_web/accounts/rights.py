"""What the application's database role may do: rows everywhere, but the audit trail only grows."""

from typing import Any

from django.db import connections

from philoxenia_web.accounts.database_role import APPLICATION_ROLE

# What is taken back after rows have been granted everywhere. The chain is written by a trigger alone.
TAKEN_BACK = {
    "accounts_auditentry": "update, delete, truncate",
    "accounts_auditlink": "insert, update, delete, truncate",
    "django_migrations": "insert, update, delete, truncate",
}


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
        for table, rights in TAKEN_BACK.items():
            cursor.execute(f"revoke {rights} on {table} from {APPLICATION_ROLE}")
