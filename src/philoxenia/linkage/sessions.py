"""Where pairs are computed: DuckDB inside this process, or a Spark session; nothing personal stays on disk.

DuckDB keeps everything in memory and may not spill, reach the network or open a file. Spark spills into a
folder that is removed at the end.
"""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

from philoxenia.linkage.types import LinkageError

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    # An empty place means no spilling: what does not fit in memory fails instead of reaching the disk.
    "temp_directory": "",
}
# Splink reports the SQL and values it works on: none of that may reach a log.
logging.getLogger("splink").setLevel(logging.CRITICAL)


class Session:
    """One engine with its Splink interface: registers frames, runs Splink's SQL, gives Polars frames back."""

    def __init__(self, make: Callable[[], Any], spark: Any = None) -> None:
        self._make = make
        self.api = make()
        self._spark = spark

    @property
    def dialect(self) -> str:
        """Splink's name of the SQL dialect: duckdb or spark."""
        return "duckdb" if self._spark is None else "spark"

    def register(self, frame: pl.DataFrame) -> Any:
        """A frame as Splink's input."""
        # Splink keeps tables by role, not by content: another frame needs an interface of its own.
        self.api = self._make()
        if self._spark is None:
            return self.api.register(frame.to_arrow())
        return self.api.register(_to_spark(self._spark, frame))

    def frame(self, table: Any) -> pl.DataFrame:
        """A table Splink made, as Polars; the table itself is dropped."""
        if self._spark is None:
            found: pl.DataFrame = self.api._con.execute(f'SELECT * FROM "{table.physical_name}"').pl()  # noqa: S608
        else:
            found = pl.DataFrame(pl.from_arrow(table.as_spark_dataframe().toArrow()))
        table.drop_table_from_database_and_remove_from_cache()
        return found


@contextmanager
def session(engine: str = "duckdb", spark: Any = None) -> Iterator[Session]:
    """An open session, closed and wiped at the end. `spark` is a running SparkSession, else one is
    started."""
    if engine == "duckdb":
        with _duckdb() as opened:
            yield opened
    elif engine == "spark":
        with _spark_session(spark) as opened:
            yield opened
    else:
        raise LinkageError(f"There is no engine {engine!r}. Use duckdb or spark.")


@contextmanager
def _duckdb() -> Iterator[Session]:
    from splink import DuckDBAPI  # noqa: PLC0415  heavy, and not needed to read results

    connection = duckdb.connect(":memory:", config=_CLOSED)
    try:
        yield Session(lambda: DuckDBAPI(connection))
    finally:
        connection.close()


@contextmanager
def _spark_session(given: Any) -> Iterator[Session]:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  an extra
        from splink import SparkAPI  # noqa: PLC0415
        from splink.internals.spark.jar_location import similarity_jar_location  # noqa: PLC0415
    except ImportError as missing:
        raise LinkageError("Spark is not installed here: pip install 'philoxenia[spark]'.") from missing
    with tempfile.TemporaryDirectory(prefix="philoxenia-linkage-") as spill:
        given = given or SparkSession.getActiveSession()
        own = given is None
        # Splink brings its string distances for Spark as a jar; a session that runs already must have been
        # started with it.
        builder = SparkSession.builder.config("spark.local.dir", spill).config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 4)))
        running = given or builder.config("spark.jars", similarity_jar_location()).getOrCreate()
        try:
            made: Any = SparkAPI
            yield Session(lambda: made(spark_session=running, break_lineage_method="persist"), running)
        finally:
            if own:
                running.stop()


def _to_spark(running: Any, frame: pl.DataFrame) -> Any:
    # Spark knows no unsigned integers.
    signed = frame.with_columns(
        pl.col(pl.UInt64).reinterpret(signed=True),
        pl.col(pl.UInt32).cast(pl.Int64),
        pl.col(pl.UInt16).cast(pl.Int32),
    )
    return running.createDataFrame(signed.to_arrow())
