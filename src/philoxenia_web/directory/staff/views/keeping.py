"""The page behind a link: an organisation looks at its entries and answers, without password or cookie."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.directory.editing import asking, shapes
from philoxenia_web.directory.editing.refusals import Conflict, NotPossible
from philoxenia_web.directory.models import Confirmation, ConfirmLink
from philoxenia_web.directory.public import frame
from philoxenia_web.directory.staff import words
from philoxenia_web.directory.staff.forms.fields import version_of
from philoxenia_web.directory.staff.forms.keeping import KeepForm
from philoxenia_web.ui import numbers

# What is shown: public fields of the record, and of its place nothing where that is confidential.
_SHOWN = (*asking.PROPOSED, "schedules", "required_documents", "cost_options")


@access(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
# The link itself is the right to answer: there is no session that another site could misuse.
@csrf_exempt
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm entries, or say what is different."""
    link = asking.found_by(token)
    with translation.override(link.language if link else None):
        page = _ended(request) if link is None else _page(request, link, token)
    page["Cache-Control"] = "no-store"
    page["X-Robots-Tag"] = "noindex"
    return page


def _ended(request: HttpRequest) -> HttpResponse:
    return frame.answer(request, "directory/keeping/ended.html", {}, 404)


def _page(request: HttpRequest, link: ConfirmLink, token: str) -> HttpResponse:
    said, wrong, bound = _received(request, link, token) if request.method == "POST" else ("", "", None)
    rows = list(asking.waiting(link))
    told = {
        "organization": link.organization.name,
        "entries": [_entry(one, bound if bound and bound[0] == one.service_id else None) for one in rows],
        "open": sum(not one.answer for one in rows),
        "until": numbers.day(link.expires_at),
        "said": said,
        "wrong": wrong,
    }
    return frame.answer(request, "directory/keeping/keep.html", told, 422 if wrong or bound else 200)


def _received(
    request: HttpRequest, link: ConfirmLink, token: str
) -> tuple[str, str, tuple[UUID, KeepForm] | None]:
    """What is said about an answer, what was wrong with it, and the form to show again."""
    row = next(
        (one for one in asking.waiting(link) if str(one.service_id) == request.POST.get("service")), None
    )
    if row is None:
        return "", _("This link is not for this service."), None
    try:
        if request.POST.get("do") == "confirm":
            asking.confirm(token, row.service_id, version_of(request.POST.get("version", "")))
            return _("Thank you. People now read that you have checked it."), "", None
        form = _form(row, request.POST)
        if not form.is_valid():
            return "", "", (row.service_id, form)
        made = asking.propose(token, row.service_id, form.proposed(), form.cleaned_data.get("note", ""))
    except (Conflict, NotPossible) as refusal:
        return "", str(refusal), None
    if made is None:
        return "", _("Nothing is different in what you sent. Change a line, or confirm the entry."), None
    return _("Thank you. Somebody looks at what you wrote before it is shown."), "", None


def _form(row: Confirmation, sent: Any = None) -> KeepForm:
    draft = shapes.read(row.service)
    return KeepForm(draft, sent, auto_id=f"{row.pk}_%s", confidential=row.service.confidential)


def _entry(row: Confirmation, bound: tuple[UUID, KeepForm] | None) -> dict[str, Any]:
    draft = shapes.read(row.service)
    facts = [(words.label("service", name), words.said(name, draft[name])) for name in _SHOWN]
    return {
        "id": row.service_id,
        "version": row.service.version,
        "name": row.service.name,
        "confidential": row.service.confidential,
        "answer": row.get_answer_display() if row.answer else "",
        "facts": [(label, lines) for label, lines in facts if lines],
        "form": bound[1] if bound else _form(row),
    }
