"""How long is waited: rows of `parameters_casework.csv`, which a city may change."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db.models import Q

from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.datasets.queries import package

# Which rows wait for whom, and the parameter that says how long.
_RULES: tuple[tuple[dict[str, tuple[str, ...]], str], ...] = (
    ({"kind": ("transfer",), "state": ("sent", "opened")}, "transfer_answer_days"),
    *(
        (
            {"kind": ("referral",), "state": ("sent", "opened"), "urgency": (urgency,)},
            f"referral_answer_days_{urgency}",
        )
        for urgency in ("today", "soon", "routine")
    ),
    ({"kind": ("referral",), "state": ("asked",)}, "referral_reply_days"),
    ({"kind": ("referral",), "state": ("accepted",)}, "referral_begin_days"),
)


def days(name: str) -> float:
    """A time of casework, as a number of its unit; what a city changes counts within a minute."""
    return _days(name, settings.ENVIRONMENT.city, int(monotonic() // 60))


@lru_cache(maxsize=64)
def _days(name: str, _city: Path, _minute: int) -> float:
    # Looks at every file of the city's package: a list of referrals asks for each.
    return package().parameters[f"casework.{name}"]


def due(referral: Referral) -> datetime | None:
    """When it counts as lost on the way, None where nobody is waited for."""
    for wanted, name in _RULES:
        if all(getattr(referral, field) in values for field, values in wanted.items()):
            return referral.waiting_since + timedelta(days=days(name))
    return None


def late(referral: Referral, at: datetime) -> bool:
    """Whether its time is over."""
    until = due(referral)
    return until is not None and until <= at


def overdue(at: datetime) -> Q:
    """The same as a condition on rows."""
    found = Q(pk__in=[])
    for wanted, name in _RULES:
        rule = {f"{field}__in": values for field, values in wanted.items()}
        found |= Q(**rule, waiting_since__lte=at - timedelta(days=days(name)))
    return found
