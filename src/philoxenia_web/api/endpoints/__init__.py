"""The operations, a file a topic. Each calls the queries and actions that the pages call."""

from philoxenia_web.api.endpoints import me, organisations, people, reference

ROUTERS = (me.router, organisations.router, people.router, reference.router)
