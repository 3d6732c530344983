"""What went wrong, as JSON a program can read (RFC 9457)."""

import json

from django.http import HttpResponse


class Problem(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """A request that cannot be answered; nothing in it is taken from the request."""

    def __init__(self, status: int, title: str, detail: str, retry_after: int = 0) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.retry_after = status, title, detail, retry_after

    def answer(self) -> HttpResponse:
        """As it is sent."""
        body = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        response = HttpResponse(json.dumps(body), status=self.status, content_type="application/problem+json")
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


def not_found() -> Problem:
    """No such record, or none that is shown."""
    return Problem(404, "Not found", "There is no such record here, or it is not public.")


def invalid(parameter: str, wanted: str) -> Problem:
    """A parameter that cannot be read."""
    return Problem(400, "Bad request", f"The parameter {parameter} must be {wanted}.")
