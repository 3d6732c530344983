"""The operations, a file a topic. Each calls the queries and actions that the pages call."""

from philoxenia_web.api.endpoints import (
    agreements,
    datasets,
    handing_in,
    me,
    organisations,
    people,
    reference,
    results,
    sharing,
    studies,
    uploads,
)

ROUTERS = tuple(
    one.router
    for one in (
        me,
        organisations,
        people,
        reference,
        datasets,
        agreements,
        uploads,
        handing_in,
        studies,
        sharing,
        results,
    )
)
