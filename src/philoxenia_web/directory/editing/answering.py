"""Noting what became of a reader's message."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models.feedback import Feedback


def answer(actor: Actor, feedback_id: UUID, state: str, note: str) -> None:
    """Mended or set aside; setting aside needs a reason."""
    check_can(actor, LOOK_AFTER)
    if state == Feedback.State.SET_ASIDE and len(note.strip()) < 5:
        raise NotPossible(_("Say why: those who look after the record later will read it."))
    with transaction.atomic():
        message = Feedback.objects.select_for_update(no_key=True).get(pk=feedback_id)
        message.state, message.note = state, note.strip()
        message.handled_by_id, message.handled_at = actor.person_id, timezone.now()
        message.save()
        audit.record(actor, "directory.answer_feedback", message, after={"state": state})
