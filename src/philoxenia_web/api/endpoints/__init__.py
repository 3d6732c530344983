"""The operations, a file a topic. Each calls the queries and actions that the pages call."""

from philoxenia_web.api.endpoints import (
    agreements,
    casework,
    comparing,
    datasets,
    handing_in,
    invitations,
    me,
    needs,
    organisations,
    people,
    reference,
    results,
    sharing,
    studies,
    trail,
    uploads,
)

ROUTERS = tuple(
    one.router
    for one in (
        me,
        organisations,
        people,
        invitations,
        trail,
        reference,
        datasets,
        agreements,
        uploads,
        handing_in,
        studies,
        sharing,
        results,
        comparing,
        needs,
        casework,
    )
)
