"""Messages of readers who say that something is wrong, and what became of them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.directory.editing.answering import answer
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models.feedback import Feedback
from philoxenia_web.directory.staff.forms.answering import AnswerForm
from philoxenia_web.ui.tables import Column, Table

_SIGNS = {"open": "waiting", "done": "success", "set_aside": "info"}


@access(LOOK_AFTER)
@require_safe
def feedback(request: HttpRequest) -> HttpResponseBase:
    """Every message, the open ones first."""
    table = Table(
        "feedback",
        [
            Column("service", _("Service"), kind="name", path="service__name", filter=True),
            Column("kind", _("What is wrong"), filter=True, choices=dict(Feedback.Kind.choices)),
            Column("words", _("In their words"), kind="name", filter=True, lang=lambda one: one.language),
            Column("day", _("Day"), kind="date"),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(Feedback.State.choices),
                signs=_SIGNS,
            ),
        ],
        rows=Feedback.objects.select_related("service"),
        request=request,
        caption=_("Messages of readers"),
        empty=_("No reader has said that something is wrong."),
        href=lambda one: reverse("directory-feedback-one", args=[one.pk]),
        order="-day",
        size=50,
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    waiting = Feedback.objects.filter(state="open").count()
    return render(request, "directory/staff/feedback.html", {"table": table, "waiting": waiting})


@access(LOOK_AFTER)
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, feedback_id: UUID) -> HttpResponse:
    """One message beside its service, and what was done about it."""
    shown = Feedback.objects.select_related("service__organization").filter(pk=feedback_id).first()
    if shown is None:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"note": shown.note})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answer(actor_of(request), shown.pk, said["state"], said["note"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect("directory-feedback")
    context = {"message": shown, "form": form, "sign": _SIGNS[shown.state]}
    return render(request, "directory/staff/message.html", context, status=422 if form.is_bound else 200)
