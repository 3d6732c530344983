"""The interface put together: every router, every failure, every address."""

from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.operation import Operation, PathView
from ninja.utils import normalize_path, replace_path_param_notation

from philoxenia_web.api import failures
from philoxenia_web.api.endpoints import ROUTERS
from philoxenia_web.api.reading import StrictParser
from philoxenia_web.api.refusals import REFUSALS
from philoxenia_web.api.serving import served

TITLE = "Philoxenia"
VERSION = "1.0.0"

api = NinjaAPI(
    title=TITLE, version=VERSION, urls_namespace="api", openapi_url=None, docs_url=None, parser=StrictParser()
)
for _router in ROUTERS:
    api.add_router("", _router)
failures.register(api, REFUSALS)


def addresses() -> list[URLPattern]:
    """One pattern for each operation; those of one path share a view, also where they stand in two files."""
    patterns = []
    for route, operations in _by_route().items():
        view = PathView()
        view.operations = operations
        methods = [method for one in operations for method in one.methods]
        serve = served(view.get_view(), methods)
        patterns += [path(route, serve, name=f"api-{one.operation_id}") for one in operations]
    return patterns


def _by_route() -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for bound in api._get_bound_routers():
        for route, view in bound.path_operations.items():
            place = normalize_path(replace_path_param_notation(route)).lstrip("/")
            found.setdefault(place, []).extend(view.operations)
    return found
