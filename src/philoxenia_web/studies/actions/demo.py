"""The example studies that every new installation of the demonstration shows, one of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import Actor
from philoxenia_web.studies import running
from philoxenia_web.studies.actions.running import retry, start
from philoxenia_web.studies.actions.settings import Settings, create
from philoxenia_web.studies.actions.sharing import share
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Refused


@dataclass(frozen=True)
class _Example:
    """Its keys are fixed, so that the second call finds what the first one made."""

    kind: Kind
    key: UUID
    share_key: UUID
    title: Promise
    question: Promise
    plan: Mapping[str, Any] = field(default_factory=dict)


_PRESSURE = _Example(
    Kind.PRESSURE,
    UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d10"),
    UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d11"),
    gettext_lazy("Where is pressure, who may come, what will be short?"),
    gettext_lazy("The city as its package describes it, with every parameter at its default."),
)
# Two years to start in, one size each: done in about a minute with the futures a demonstration asks for.
_FORESIGHT = _Example(
    Kind.FORESIGHT,
    UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d12"),
    UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d13"),
    gettext_lazy("Which actions pay back, for whom, in which futures?"),
    gettext_lazy(
        "Every action of the city's catalogue under the budgets it states, over five years and few "
        "futures, for a first look. Copy it and ask for a thousand before you decide anything."
    ),
    {"months": 60, "starts": [0, 1], "sizes": False},
)


def make_demo_study(actor: Actor) -> Study:
    """The city package with default parameters, run here and now and shared with everybody who signs in."""
    return _finished(actor, _PRESSURE)


def make_demo_foresight(actor: Actor, futures: int) -> Study:
    """The city's whole catalogue of actions under its budgets, run here and now and shared likewise."""
    return _finished(actor, replace(_FORESIGHT, plan={**_FORESIGHT.plan, "futures": futures}))


def _finished(actor: Actor, example: _Example) -> Study:
    study = Study.objects.filter(key=example.key).first() or _made(actor, example)
    if not study.is_done:
        start(actor, study.pk) if study.is_draft else retry(actor, study.pk)
        running.run(study.pk)
        study.refresh_from_db()
    if study.is_done:
        share(actor, study.pk, key=example.share_key)
    return study


def _made(actor: Actor, example: _Example) -> Study:
    place = next((one for one in accounts.organisations() if one.kind == "department"), None)
    if place is None:
        raise Refused(_("There is no department yet: make the demonstration's people first."))
    wanted = Settings(
        kind=example.kind,
        title=str(example.title),
        question=str(example.question),
        plan=example.plan or None,
    )
    with transaction.atomic():
        return create(actor, place.pk, key=example.key, wanted=wanted)
