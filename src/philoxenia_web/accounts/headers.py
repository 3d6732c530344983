"""What browsers are told besides the content security policy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_PERMISSIONS = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"
)


class SecurityHeaders:
    """Turns off what no page of ours needs, and keeps other sites from embedding anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return answer
