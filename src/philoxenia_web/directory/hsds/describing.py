"""The interface and the profile described for programs, from the same tables that run them."""

from functools import cache
from typing import Any

_TEXT, _WHOLE, _NUMBER, _FLAG = ({"type": one} for one in ("string", "integer", "number", "boolean"))
PARAMETERS: dict[str, tuple[dict[str, str], str]] = {
    "search": (_TEXT, "Words looked for."),
    "page": (_WHOLE, "Number of the page, from 1."),
    "per_page": (_WHOLE, "Records of a page, 500 at most."),
    "format": (_TEXT, "json, or ndjson: every record as a line, without pages."),
    "taxonomy_term_id": (_TEXT, "Only records with this term."),
    "taxonomy_id": (_TEXT, "Only records with a term of this taxonomy."),
    "organization_id": (_TEXT, "Only services of this organization."),
    "modified_after": (_TEXT, "Only services that changed since this moment."),
    "minimal": (_FLAG, "Only id and date of change."),
    "full": (_FLAG, "Records with all that hangs on them."),
    "full_service": (_FLAG, "Services of the organization with all that hangs on them."),
    "postcode": (_TEXT, "A postal code in the area of the service, or near the place."),
    "proximity": (_NUMBER, "Metres from the middle of the postal code."),
    "top_only": (_FLAG, "Only terms without a broader one."),
    "parent_id": (_TEXT, "Only terms under this one."),
    "minimum_age": (_NUMBER, "Services for this age and above."),
    "maximum_age": (_NUMBER, "Services up to this age."),
    "start_time": (_TEXT, "Services that open at this time or later."),
    "end_time": (_TEXT, "Services that close by this time."),
    "day": (_TEXT, "Services open on this day of the week."),
}
_PAGING = ("search", "page", "per_page", "format")
_SERVICES = (
    *(*_PAGING, "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full"),
    *("minimum_age", "maximum_age", "start_time", "end_time", "day"),
)
LISTS = {
    "services": (*_SERVICES, "minimal"),
    "organizations": (*_PAGING, "full", "full_service", "taxonomy_term_id", "taxonomy_id"),
    "service_at_locations": (*_SERVICES, "postcode", "proximity"),
    "taxonomies": _PAGING,
    "taxonomy_terms": (*_PAGING, "taxonomy_id", "top_only", "parent_id"),
}
_ENVELOPE = {
    "total_items": _WHOLE,
    "total_pages": _WHOLE,
    "page_number": _WHOLE,
    "size": _WHOLE,
    "first_page": _FLAG,
    "last_page": _FLAG,
    "empty": _FLAG,
    "contents": {"type": "array", "items": {"type": "object"}},
}


def openapi(server: str, version: str, *, organizations: bool = True) -> dict[str, Any]:
    """An OpenAPI 3.1 document."""
    paths: dict[str, Any] = {
        "/": {"get": _operation("about", "What this interface is.", (), {"type": "object"})}
    }
    for name, parameters in LISTS.items():
        if name == "organizations" and not organizations:
            continue
        page = {"type": "object", "required": ["empty", "contents"], "properties": _ENVELOPE}
        paths[f"/{name}"] = {
            "get": _operation(f"list_{name}", f"A page of {name}.", parameters, page),
            "post": _operation(
                f"ask_{name}", "The same, asked in a body that nobody logs.", parameters, page
            ),
        }
        one = _operation(f"read_{name}", "One record with all that hangs on it.", (), {"type": "object"})
        key = {"in": "path", "name": "id", "required": True, "schema": {"type": "string", "format": "uuid"}}
        paths[f"/{name}/{{id}}"] = {"get": one | {"parameters": [key]}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Directory of services", "version": version},
        "servers": [{"url": server.rstrip("/")}],
        "paths": paths,
    }


def _operation(key: str, summary: str, parameters: tuple[str, ...], schema: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {
        "operationId": key,
        "summary": summary,
        "parameters": [_parameter(name) for name in parameters],
        "responses": {"200": {"description": "Found.", "content": content}},
    }


def _parameter(name: str) -> dict[str, Any]:
    schema, told = PARAMETERS[name]
    return {"in": "query", "name": name, "required": False, "description": told, "schema": schema}


@cache
def profile() -> dict[str, Any]:
    """Fields that are ours, with what they mean, from the engine's table of the model."""
    # The engine's table is read with Polars, which the process otherwise does not need.
    from philoxenia.exchange.hsds.model import model  # noqa: PLC0415

    return {
        "name": "Philoxenia",
        "extends": "https://docs.openreferral.org/en/3.1/hsds/",
        "fields": [
            {"table": table.name, "field": field.name, "type": field.type, "meaning": field.meaning}
            for table in model().values()
            for field in table.fields
            if field.profile
        ],
    }
