"""The document, a page that explains it, and the pages on which people keep their tokens."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.api.conditional import tagged
from philoxenia_web.api.openapi import document
from philoxenia_web.api.problems import Problem, answer
from philoxenia_web.api.serving import served


@cache
def _written_document() -> bytes:
    return json.dumps(document(), ensure_ascii=False, indent=1).encode()


def openapi_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    response = tagged(request, HttpResponse(_written_document(), content_type="application/json"))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@csrf_exempt
@access(PUBLIC)
def unknown(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    """A problem for every address the interface does not have."""
    return answer(request, Problem("not-found"))


openapi = served(openapi_document, ["GET"])
