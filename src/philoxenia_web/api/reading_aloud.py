"""The OpenAPI document as a page to read: chapters of operations, with what each takes and gives."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from philoxenia_web.api.openapi import BASE, Document, document


@dataclass(frozen=True)
class Part:
    """A parameter, header or field: its name, type in words, whether it is needed, what it means."""

    name: str
    place: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True)
class Told:
    """One operation, ready to be shown."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    permission: str
    parts: list[Part]
    answers: list[tuple[str, str, str]]


@cache
def chapters() -> list[tuple[str, list[Told]]]:
    """Operations by tag, in the order of the document."""
    found: dict[str, list[Told]] = {}
    whole = document()
    for path, methods in whole["paths"].items():
        for method, described in methods.items():
            told = _told(whole, path, method, described)
            found.setdefault(described["tags"][0], []).append(told)
    return list(found.items())


def _told(whole: Document, path: str, method: str, described: Document) -> Told:
    return Told(
        id=described["operationId"],
        method=method.upper(),
        path=BASE + path,
        summary=described["summary"],
        description=described.get("description", ""),
        permission=described["x-permission"],
        parts=[*_parameters(described), *_fields(whole, described)],
        answers=[_answer(whole, status, one) for status, one in sorted(described["responses"].items())],
    )


def _parameters(described: Document) -> list[Part]:
    return [
        Part(one["name"], one["in"], _kind(one["schema"]), one["required"], one.get("description", ""))
        for one in described.get("parameters", [])
    ]


def _fields(whole: Document, described: Document) -> list[Part]:
    content = described.get("requestBody", {}).get("content", {})
    if not content:
        return []
    schema = next(iter(content.values())).get("schema")
    if schema is None:
        return [Part(next(iter(content)), "body", "bytes", True, "")]
    body = _resolved(whole, schema)
    needed = set(body.get("required", []))
    return [
        Part(name, "body", _kind(one), name in needed, one.get("description", ""))
        for name, one in body.get("properties", {}).items()
    ]


def _resolved(whole: Document, schema: Document) -> Document:
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _answer(whole: Document, status: str, response: Document) -> tuple[str, str, str]:
    if "$ref" in response:
        response = whole["components"]["responses"][status]
    kinds = [
        f"{kind} {_kind(one['schema'])}" if one.get("schema") else kind
        for kind, one in response.get("content", {}).items()
    ]
    return status, response["description"], ", ".join(kinds)


def _kind(schema: dict[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_kind(one) for one in schema[several]))
    if "enum" in schema:
        return " | ".join(str(one) or "“”" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")
