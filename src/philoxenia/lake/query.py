"""SQL over files of the lake with DuckDB inside this process: one SELECT, no network, no other file."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from philoxenia.lake.types import LakeError

_CLOSED = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "preserve_insertion_order": True,
}


def select(sql: str, paths: Mapping[str, Path], memory: str, threads: int) -> pl.DataFrame:
    """Run one SELECT over Parquet files that are visible as views named by the keys of `paths`.

    Raises `LakeError` for anything but one SELECT and for SQL that DuckDB refuses, with its reason.
    """
    with tempfile.TemporaryDirectory(prefix="philoxenia-query-") as spill:
        connection = duckdb.connect(":memory:", config={**_CLOSED, "temp_directory": spill})
        try:
            _check_one_select(connection, sql)
            _open_views(connection, paths, memory, threads)
            return connection.execute(sql).pl()
        except duckdb.Error as problem:
            reason = str(problem).split("\n\n")[0].splitlines()[0]
            known = ", ".join(sorted(paths)) or "none yet"
            raise LakeError(f"The query cannot be answered: {reason} Tables: {known}.") from problem
        finally:
            connection.close()


def _check_one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    # COPY could write where reading is allowed, so the kind of statement is checked before anything runs.
    kinds = [statement.type for statement in connection.extract_statements(sql)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise LakeError(
            "The lake answers exactly one SELECT and changes nothing. Write one SELECT statement."
        )


def _open_views(
    connection: duckdb.DuckDBPyConnection, paths: Mapping[str, Path], memory: str, threads: int
) -> None:
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute(f"SET memory_limit = {_literal(memory)}")
    places = [str(path.resolve()) for path in paths.values()]
    connection.execute(f"SET allowed_paths = [{', '.join(_literal(place) for place in places)}]")
    for name, place in zip(paths, places, strict=True):
        # Views take no bound values; a table name holds letters, digits and underscores only.
        rows = f"SELECT * FROM read_parquet({_literal(place)})"  # noqa: S608
        connection.execute(f'CREATE VIEW "{name}" AS {rows}')
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
