"""Documents: taken in without touching the disk in the clear, and handed out so that nothing in them runs."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework import queries
from philoxenia_web.casework.actions.documents import delete_document, keep_document, read_document
from philoxenia_web.casework.desk.forms import DocumentForm
from philoxenia_web.casework.desk.writing import back_to_person, carried_out, first_error, key_from
from philoxenia_web.casework.files import MOST_BYTES
from philoxenia_web.casework.models.cases import Document
from philoxenia_web.casework.policies import CASEWORK, check_work_on
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.ui.uploads import kept_in_memory

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


@access(CASEWORK)
@require_POST
@kept_in_memory(MOST_BYTES)
@at_the_desk
def add_document(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A file of a case; it stays in memory until it is sealed."""
    actor = actor_of(request)
    case = check_work_on(actor, queries.case_for(actor, case_id))
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        said, key = form.cleaned_data, key_from(request)
        content, name = said["file"].read(), said["file"].name

        def act() -> object:
            return keep_document(actor, case.pk, said["kind"], content, key, file_name=name)

        carried_out(request, act, _("The document is kept, sealed."))
    elif request.POST:
        messages.warning(request, first_error(form))
    else:
        messages.warning(request, _("The file is larger than 10 MB. Photograph or scan it smaller."))
    return back_to_person(case.resident_id, "documents")


@access(CASEWORK)
@require_safe
@at_the_desk
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The content, as a file to save under a name that tells nothing."""
    found, content = read_document(actor_of(request), document_id, "serving_now")
    made = HttpResponse(content, content_type=found.media_type)
    name = f"document-{str(found.pk)[:8]}.{_ENDINGS[found.media_type]}"
    made["Content-Disposition"] = f'attachment; filename="{name}"'
    made["Content-Security-Policy"] = "sandbox; default-src 'none'"
    made["X-Content-Type-Options"] = "nosniff"
    made["Cache-Control"] = "no-store"
    return made


@access(CASEWORK)
@require_POST
@at_the_desk
def drop_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Destroy a document."""
    actor = actor_of(request)
    found = Document.objects.select_related("case").filter(pk=document_id).first()
    if found is None:
        raise Http404
    case = check_work_on(actor, found.case)
    carried_out(request, lambda: delete_document(actor, document_id), _("The document is destroyed."))
    return back_to_person(case.resident_id, "documents")
