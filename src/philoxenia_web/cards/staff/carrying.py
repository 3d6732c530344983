"""A form carried out: what was refused is a sentence on the next page. No value of a person is in it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from philoxenia.exchange.settings import CityError
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.registry import refusals


def carried_out(request: HttpRequest, act: Callable[[], Any], done: Any = "") -> bool:
    """Do it; whether it was done."""
    try:
        act()
    except (NotPossible, CityError, refusals.NotPossible, refusals.KeyGone) as refusal:
        messages.warning(request, str(refusal))
        return False
    if done:
        messages.success(request, str(done))
    return True
