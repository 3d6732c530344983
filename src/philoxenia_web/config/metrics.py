"""Numbers for Prometheus: requests by view and status, how long they took, jobs and uploads by state.

Web processes share a folder of counters (PROMETHEUS_MULTIPROC_DIR, set by `serve`), so that any of them can
answer for all. What the database knows is asked when the numbers are read.
"""

import os
from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_REQUESTS = Counter("philoxenia_requests", "Requests answered", ["view", "method", "status"])
_SECONDS = Histogram("philoxenia_request_seconds", "Time to answer", ["view"], buckets=_BUCKETS)

# Table and state column by what is counted; the tables of other apps are asked for by name, not imported.
_COUNTED = {
    "jobs": ("procrastinate_jobs", "status"),
    "studies": ("studies_study", "state"),
    "uploads": ("datasets_upload", "state"),
}


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """One more."""
    _REQUESTS.labels(view, method, str(status)).inc()
    _SECONDS.labels(view).observe(seconds)


class _FromDatabase:
    """How many rows are in each state now."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family a table that is there."""
        tables = set(connection.introspection.table_names())
        for name, (table, column) in _COUNTED.items():
            if table in tables:
                yield _by_state(name, table, column)


def _by_state(name: str, table: str, column: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"philoxenia_{name}", f"{name.capitalize()} by state", labels=["state"])
    with connection.cursor() as cursor:
        cursor.execute(f'select "{column}"::text, count(*) from "{table}" group by 1')  # noqa: S608 (constants)
        for state, count in cursor.fetchall():
            family.add_metric([str(state)], count)
    return family


def page() -> bytes:
    """Everything, as Prometheus reads it."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        shared = generate_latest(registry)
    else:
        shared = generate_latest(REGISTRY)
    from_database = CollectorRegistry()
    from_database.register(_FromDatabase())  # type: ignore[arg-type]
    return shared + generate_latest(from_database)
