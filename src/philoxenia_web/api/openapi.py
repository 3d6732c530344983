"""The OpenAPI 3.1 document: what django-ninja knows of values, with our promises of HTTP added."""

import json
import re
from typing import Any

from ninja.openapi.schema import get_schema

from philoxenia_web.accounts.access import PUBLIC
from philoxenia_web.api.interface import api
from philoxenia_web.api.negotiation import JSON
from philoxenia_web.api.operations import REGISTRY, Operation
from philoxenia_web.api.problems import KINDS, MEDIA_TYPE

BASE = "/api/v1"
Document = dict[str, Any]

DESCRIPTION = """\
Everything that staff do in the pages, for programs: the same permissions, the same audit trail.

- **Who asks**: a token in `Authorization: Bearer …`, made under *Account, Tokens*. It acts for one person in
  one organisation, and only within its scopes.
- **Lists** come a page at a time; `next` is the address of the following page. Rows that are added meanwhile
  neither hide others nor show any twice.
- **Reading** one object gives an `ETag`; send it back in `If-None-Match` and get `304` while nothing changed.
- **Changing** needs that tag in `If-Match`, so that nobody's change is overwritten.
- **Making** needs an `Idempotency-Key`: the same key within 48 hours gives the first answer again.
- **Errors** are `application/problem+json` with a sentence that says what to do.
- What is not yours to see answers `404`, as if it were not there.
"""

_HEADERS: Document = {
    "ETag": {"description": "Changes whenever the object does.", "schema": {"type": "string"}},
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "RateLimit": {"description": "What is left in this minute.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string"}},
    "Link": {"description": "The following page, as rel=next.", "schema": {"type": "string"}},
}
_IF_MATCH: Document = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The object's ETag as you read it, or * for any.",
    "schema": {"type": "string", "pattern": r'^(\*|"[!#-~]+")$'},
}
_IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you have already.",
    "schema": {"type": "string"},
}
_KEY: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new unique value for each thing to be made, for example a UUID.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_OWN_HEADERS: dict[str, Document] = {
    "Upload-Offset": {
        "description": "Where the piece begins, in bytes.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
    },
    "Content-Digest": {
        "description": "The piece's SHA-256 (RFC 9530), as sha-256=:base64:",
        "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
    },
}
_PROBLEM: Document = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "Which kind of problem.", "enum": []},
        "title": {"type": "string", "description": "The kind in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do."},
        "instance": {"type": "string", "description": "The address that was asked for."},
        "request_id": {"type": "string", "description": "Name it when you report the problem."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "additionalProperties": False,
                "properties": {
                    "pointer": {"type": "string", "description": "Where in the body, as a JSON Pointer."},
                    "parameter": {"type": "string", "description": "Which part of the address or header."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_WITH_HEADER = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After", 412: "ETag"}


def document() -> Document:
    """The whole document, as plain JSON values."""
    # A page of things is named for the things: Page_Study_ would read badly in a generated client.
    written = re.sub(r"\bPage_(\w+?)_\b", r"\1Page", json.dumps(get_schema(api, path_prefix="")))
    found = json.loads(written)
    found["info"]["description"] = DESCRIPTION
    found["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    found["servers"] = [{"url": BASE}]
    found["tags"] = _tags()
    components = found["components"]
    components["schemas"]["Problem"] = _problem_schema()
    components["responses"] = {str(status): _problem_response(status) for status in sorted(_statuses())}
    components["headers"] = _HEADERS
    components["securitySchemes"] = _security()
    for methods in found["paths"].values():
        for described in methods.values():
            _complete(described, REGISTRY.operations[described["operationId"]])
    return found


def _tags() -> list[Document]:
    return [{"name": name} for name in dict.fromkeys(one.tag for one in REGISTRY.operations.values())]


def _statuses() -> set[int]:
    return {kind.status for kind in KINDS.values()}


def _problem_schema() -> Document:
    schema = json.loads(json.dumps(_PROBLEM))
    schema["properties"]["type"]["enum"] = [f"{BASE}/problems/{name}" for name in KINDS]
    return schema


def _problem_response(status: int) -> Document:
    kinds = [kind for kind in KINDS.values() if kind.status == status]
    response: Document = {
        "description": " ".join(str(kind.detail) for kind in kinds),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _WITH_HEADER:
        response["headers"] = _header(_WITH_HEADER[status])
    return response


def _header(*names: str) -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _security() -> Document:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made under Account, Tokens."},
    }


def _complete(described: Document, known: Operation) -> None:
    """One operation with its permission, headers and problems."""
    if described.get("description", "").startswith(described["summary"]):
        described["description"] = described["description"].removeprefix(described["summary"]).strip()
    if not described.get("description"):
        described.pop("description", None)
    described["x-permission"] = known.permission.name
    described["security"] = [] if known.permission is PUBLIC else [{"token": []}]
    described["parameters"] = [*described.get("parameters", []), *_header_parameters(known)]
    if not described["parameters"]:
        del described["parameters"]
    success = described["responses"][str(known.status)]
    success["headers"] = _header(*_success_headers(known))
    if known.produces != (JSON,):
        schema = success.get("content", {}).get(JSON, {})
        success["content"] = {kind: schema if kind == JSON else {} for kind in known.produces}
    if known.consumes and known.consumes != JSON:
        described["requestBody"] = {"required": True, "content": {known.consumes: {}}}
    if _is_tagged(known):
        described["responses"]["304"] = {"description": "Not changed.", "headers": _header("ETag")}
    for status in sorted(_problems_of(known)):
        described["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def _header_parameters(known: Operation) -> list[Document]:
    found = [{"name": name, "in": "header", "required": True} | _OWN_HEADERS[name] for name in known.headers]
    found += [_KEY] if known.creates else []
    found += [_IF_MATCH] if known.changes is not None else []
    return found + ([_IF_NONE_MATCH] if _is_tagged(known) else [])


def _is_tagged(known: Operation) -> bool:
    return known.method == "GET" and known.answer is not None


def _success_headers(known: Operation) -> list[str]:
    found = ["RateLimit"]
    if known.creates:
        found.append("Location")
    if known.creates or known.changes is not None or _is_tagged(known):
        found.append("ETag")
    return found


def _problems_of(known: Operation) -> set[int]:
    found = {401, 403, 406, 422, 429, 500, 503} | set(known.problems)
    found |= {404} if "{" in known.path else set()
    found |= {400, 409} if known.creates else set()
    found |= {409, 412, 428} if known.changes is not None else set()
    return found | ({400, 413, 415} if known.consumes else set())
