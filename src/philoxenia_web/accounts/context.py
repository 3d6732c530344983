"""What pages of signing in need to know of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def signing_in(request: HttpRequest) -> dict[str, Any]:
    """For whom a second factor is required, and whether mail leaves this machine."""
    return {
        "second_factor": settings.SECOND_FACTOR,
        "mail_stays_here": "filebased" in settings.EMAIL_BACKEND,
    }
