"""What a request sends and what it will take back."""

from django.http import HttpRequest

from philoxenia_web.api.problems import Problem

JSON = "application/json"
# A JSON body larger than this is refused before it is read.
BODY_LIMIT = 1_000_000


def check_accept(request: HttpRequest, produces: tuple[str, ...]) -> None:
    """406 unless one of the types the operation gives is wanted."""
    if not request.headers.get("Accept", "").strip():
        return
    if not any(request.accepts(kind) for kind in produces):
        raise Problem("not-acceptable", f"This address answers with {', '.join(produces)}.")


def check_body(request: HttpRequest, consumes: str, limit: int) -> None:
    """415 for another type of body than the operation takes, 413 for too large a one."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit():
        raise Problem("malformed")
    if int(length) > limit:
        raise Problem("too-large", f"The body may hold {limit:,} bytes at most.")
    if request.content_type != consumes:
        raise Problem(
            "unsupported-media-type",
            f"Send the body as {consumes}.",
            headers={"Accept-Patch" if request.method == "PATCH" else "Accept-Post": consumes},
        )
    if consumes == JSON and request.content_params.get("charset", "utf-8").lower() != "utf-8":
        raise Problem("unsupported-media-type", "Send JSON in UTF-8.")


def preferred(request: HttpRequest, produces: tuple[str, ...]) -> str:
    """The type the client likes best of those the operation gives."""
    if not request.headers.get("Accept", "").strip():
        return produces[0]
    return request.get_preferred_type(list(produces)) or produces[0]
