"""What pages of signing in need to know of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from philoxenia_web.accounts.actions import demo_accounts


def signing_in(request: HttpRequest) -> dict[str, Any]:
    """For whom a second factor is required, whether mail leaves this machine, who can be tried."""
    return {
        "second_factor": settings.SECOND_FACTOR,
        "demo_accounts": demo_accounts() if settings.ENVIRONMENT.demo else [],
        "mail_stays_here": "filebased" in settings.EMAIL_BACKEND,
    }
