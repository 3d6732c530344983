"""The example study that every new installation of the demonstration shows."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import Actor
from philoxenia_web.studies import running
from philoxenia_web.studies.actions.running import retry, start
from philoxenia_web.studies.actions.settings import Settings, create
from philoxenia_web.studies.actions.sharing import share
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Refused

# Fixed, so that the second call finds what the first one made.
_KEY = UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d10")
_SHARE_KEY = UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d11")


def make_demo_study(actor: Actor) -> Study:
    """The city package with default parameters, run here and now and shared with everybody who signs in."""
    study = Study.objects.filter(key=_KEY).first() or _made(actor)
    if not study.is_done:
        start(actor, study.pk) if study.is_draft else retry(actor, study.pk)
        running.run(study.pk)
        study.refresh_from_db()
    if study.is_done:
        share(actor, study.pk, key=_SHARE_KEY)
    return study


def _made(actor: Actor) -> Study:
    place = next((one for one in accounts.organisations() if one.kind == "department"), None)
    if place is None:
        raise Refused(_("There is no department yet: make the demonstration's people first."))
    with transaction.atomic():
        return create(
            actor,
            place.pk,
            key=_KEY,
            wanted=Settings(
                title=_("Where is pressure, who may come, what will be short?"),
                question=_("The city as its package describes it, with every parameter at its default."),
            ),
        )
