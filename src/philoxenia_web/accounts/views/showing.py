"""What the pages of this app do alike when a rule forbids something."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from philoxenia_web.accounts.access import Denied
from philoxenia_web.accounts.actions import ChangedMeanwhile

Button = Callable[..., HttpResponse]


def button(page: str, key: str) -> Callable[[Button], Button]:
    """For a form of one button: whatever forbids it is said on the page it stands on."""

    def wrap(view: Button) -> Button:
        @wraps(view)
        def press(request: HttpRequest, **parts: Any) -> HttpResponse:
            try:
                return view(request, **parts)
            except (Denied, ChangedMeanwhile) as problem:
                messages.error(request, str(problem))
                return redirect(page, **{key: parts[key]} if key else {})

        return press

    return wrap
