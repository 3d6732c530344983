"""What tables and columns of a directory are called, in HSDS 1, 2 and 3 and in the United Kingdom's
profile."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import PurePosixPath

from philoxenia.exchange.hsds.model import model
from philoxenia.reference.tables import reference_table

# Tables of older versions that need more than a new name (`older.py` brings them to 3.1).
OLDER_TABLES = (
    "physical_address", "postal_address", "regular_schedule", "holiday_schedule", "eligibility",
    "payment_accepted", "service_taxonomy", "other_attribute", "old_term",
)  # fmt: skip


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """A name as compared: `Services-At-Location.csv` is services_at_location."""
    stem = PurePosixPath(text.replace("\\", "/")).name.lower().removesuffix(".csv").removesuffix(".json")
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"^hsds[_-]", "", stem)).strip("_")


@cache
def _tables() -> Mapping[str, str]:
    known = {name: name for name in (*model(), *OLDER_TABLES)}
    for row in reference_table("directory/hsds_older").iter_rows(named=True):
        if not row["field"]:
            known[row["table"]] = row["table"] if row["table"] in OLDER_TABLES else row["to_table"]
    plurals = {many: table for name, table in known.items() for many in _plurals(name)}
    files = {plain_name(table.file): name for name, table in model().items()}
    return plurals | known | files


def _plurals(name: str) -> tuple[str, ...]:
    forms = [f"{name}s", f"{name}_list", f"{name}_full"]
    forms += [f"{name[:-1]}ies"] if name.endswith("y") else []
    forms += [f"{name}es"] if name.endswith(("s", "x", "ss")) else []
    return tuple(forms)


def table_named(text: str) -> str:
    """The table a file or list of that name holds, '' where none."""
    return _tables().get(plain_name(text), "")


@cache
def column_names(table: str) -> Mapping[str, str]:
    """Old names of a table's columns and what they are now."""
    rows = reference_table("directory/hsds_older").iter_rows(named=True)
    return {row["field"]: row["to_field"] for row in rows if row["table"] == table and row["field"]}


@cache
def nested(parent: str) -> Mapping[str, tuple[str, str]]:
    """Keys under which a record holds others: the child's table, and one, many or through."""
    rows = reference_table("directory/hsds_nested").iter_rows(named=True)
    found = {
        row["key"]: (_tables().get(row["child"], row["child"]), row["kind"])
        for row in rows
        if row["parent"] == parent
    }
    ours = {"translations": ("translation", "many")} if parent not in ("translation", "metadata") else {}
    return {"attributes": ("attribute", "many"), "metadata": ("metadata", "many")} | ours | found
