"""Documents of a case: taken in after a look at their bytes, sealed, read with a reason, deleted."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.writing import held, note, once, part_of
from philoxenia_web.casework.files import checked_file
from philoxenia_web.casework.models.cases import Document
from philoxenia_web.casework.policies import check_work_on
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import visiting


def keep_document(
    actor: Actor, case_id: UUID, kind: str, content: bytes, key: UUID, *, file_name: str = ""
) -> Document:
    """Look at a file, seal it, note its kind and size. Its name is looked at and not kept."""
    if kind not in Document.Kind.values:
        raise NotPossible(_("Choose what kind of document it is. Identity documents are not kept."))
    file = checked_file(content, file_name)
    with visiting(actor):
        case = held(actor, case_id)

        def make() -> Document:
            file_id = texts.keep_file(
                actor, case.resident_id, kind, file.content, file.media_type, case.organisation_id
            )
            made = Document.objects.create(
                key=key,
                case=case,
                file_id=file_id,
                kind=kind,
                media_type=file.media_type,
                size=len(file.content),
                by=actor.person_id,
            )
            note(actor, "keep_document", made, {"kind": kind, "media_type": file.media_type})
            return made

        return once(actor, Document, key, make)


def read_document(actor: Actor, document_id: UUID, reason: str) -> tuple[Document, bytes]:
    """A document of the actor's own desk and its content; the look is in the trail."""
    with visiting(actor):
        found = Document.objects.select_related("case").filter(pk=document_id).first()
        if found is None:
            raise Http404
        check_work_on(actor, found.case)
        content, _media_type = texts.read_file(actor, found.file_id, reason)
        return found, content


def delete_document(actor: Actor, document_id: UUID) -> None:
    """Destroy a document, such as one that should not have been taken in."""
    with visiting(actor):
        found = part_of(actor, Document, document_id)
        note(actor, "delete_document", found, {"kind": found.kind})
        texts.drop_file(actor, found.file_id)
        found.delete()
