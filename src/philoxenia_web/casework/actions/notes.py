"""Notes: what was said, sealed; here only when, by whom and of which kind."""

import datetime
import unicodedata
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.writing import held, note, once
from philoxenia_web.casework.models.cases import Case, Note
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import visiting

MOST_LETTERS = 10_000
_KEPT = {"\n", "\t", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u00ad"}


def cleaned(words: str) -> str:
    """Without control signs and those that turn the direction of what follows (overrides, isolates)."""
    words = words.replace("\r\n", "\n").strip()
    return "".join(one for one in words if one in _KEPT or unicodedata.category(one)[0] != "C")


def sealed_words(actor: Actor, case: Case, kind: str, words: str) -> UUID:
    """Seal words about the person of a case, for the organisation that holds it; the id of the text."""
    words = cleaned(words)
    if len(words) > MOST_LETTERS:
        raise NotPossible(_("This is longer than 10,000 letters. Write it shorter, or in two notes."))
    return texts.keep_text(actor, case.resident_id, kind, words, case.organisation_id)


def write_note(
    actor: Actor, case_id: UUID, kind: str, words: str, key: UUID, *, at: datetime.datetime | None = None
) -> Note:
    """A note of a contact. `at` is when it was written, on a device without network too."""
    if kind not in Note.Kind.values:
        raise NotPossible(_("Choose what the note is about."))
    if not cleaned(words):
        raise NotPossible(_("Write something, or leave the note away."))
    with visiting(actor):
        case = held(actor, case_id)

        def make() -> Note:
            made = Note.objects.create(
                key=key,
                case=case,
                kind=kind,
                text_id=sealed_words(actor, case, "note", words),
                by=actor.person_id,
                at=min(at or timezone.now(), timezone.now()),
            )
            note(actor, "write_note", made, {"kind": kind})
            return made

        return once(actor, Note, key, make)
