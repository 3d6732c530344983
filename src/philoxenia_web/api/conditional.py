"""ETag, If-None-Match and If-Match (RFC 9110). A tag is made of the bytes that are sent, so it is strong."""

import hashlib
import re

from django.http import HttpRequest, HttpResponse

from philoxenia_web.api.problems import Problem

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def tag_of(body: bytes) -> str:
    """The entity tag of a representation."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with its tag, or 304 where the client has it already."""
    tag = tag_of(response.content)
    if request.method in ("GET", "HEAD") and is_known(request, tag):
        return not_modified(tag)
    response.headers["ETag"] = tag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the client has this already."""
    return _names(request.headers.get("If-None-Match", ""), tag, weak=True)


def not_modified(tag: str) -> HttpResponse:
    """304, without a body."""
    response = HttpResponse(status=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    del response.headers["Content-Type"]
    return response


def check_if_match(request: HttpRequest, current: bytes, *, any_version: bool = True) -> None:
    """412 unless the client has seen the object as it is now."""
    tag = tag_of(current)
    if not any_version and request.headers.get("If-Match", "").strip() == "*":
        raise Problem("precondition-required")
    if not _names(request.headers.get("If-Match", ""), tag, weak=False):
        raise Problem("changed-meanwhile", headers={"ETag": tag})


def _names(header: str, tag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    tags = _TAG.findall(header)
    return tag in tags or (weak and f"W/{tag}" in tags)
