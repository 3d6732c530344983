"""A form carried out: what was refused is a sentence on the next page. No value of a person is in it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from philoxenia.exchange.settings import CityError
from philoxenia_web.accounts.access import actor_of
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Damaged, KeyGone


def carried_out(request: HttpRequest, act: Callable[[], Any], done: Any = "") -> bool:
    """Do it, or nothing of it; whether it was done."""
    try:
        # A visit: what was read stays in the trail also where the rest is taken back.
        with visiting(actor_of(request)):
            act()
    except (NotPossible, CityError, KeyGone, Damaged) as refusal:
        messages.warning(request, str(refusal))
        return False
    if done:
        messages.success(request, str(done))
    return True
