"""The translation board: what each language owes, and translating one service side by side."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.directory.editing import machine, translations
from philoxenia_web.directory.editing.languages import name_of
from philoxenia_web.directory.editing.policies import TRANSLATE
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.staff import words
from philoxenia_web.directory.staff.forms.fields import version_of, without_hidden
from philoxenia_web.ui.tables import Column, Table

_MOST_LISTED = 5000
STATES = {
    "missing": (gettext_lazy("Missing"), "problem"),
    "outdated": (gettext_lazy("Outdated"), "attention"),
    "machine": (gettext_lazy("By a machine"), "info"),
    "human": (gettext_lazy("By a person"), "success"),
}


@access(TRANSLATE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What each language of the pages owes."""
    debts = [translations.debt(code) for code, _name in settings.LANGUAGES]
    context = {"debts": debts, "has_machine": machine.machine() is not None}
    return render(request, "directory/staff/board.html", context)


@access(TRANSLATE)
@require_safe
def language(request: HttpRequest, language: str) -> HttpResponseBase:
    """The services that owe something in a language."""
    _check(language)
    table = Table(
        "owing",
        [
            Column("name", _("Service"), kind="name", filter=True),
            Column("organization", _("Organisation"), kind="name", filter=True),
            Column("outdated", _("Outdated"), kind="whole"),
            Column("missing", _("Missing"), kind="whole"),
            Column("machine", _("By a machine"), kind="whole"),
        ],
        rows=[
            one | {"href": reverse("directory-translate", args=[language, one["id"]])}
            for one in translations.services_in_debt(language, _MOST_LISTED)
        ],
        request=request,
        caption=_("Services with texts to translate or review"),
        empty=_("Nothing is owed in this language."),
        size=50,
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    context = {"to": language, "debt": translations.debt(language), "table": table}
    return render(request, "directory/staff/translations.html", context)


def _check(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404


@access(TRANSLATE)
@require_safe
def choose(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """To the first language that this service's own words are not written in."""
    service = translations.service_to_translate(service_id)
    mine = (get_language() or "en").split("-")[0]
    codes = [mine, *(code for code, _name in settings.LANGUAGES)]
    to = next(code for code in codes if code != service.text_language and code in dict(settings.LANGUAGES))
    return redirect("directory-translate", to, service.pk)


@access(TRANSLATE)
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, language: str, service_id: UUID) -> HttpResponse:
    """Originals and translations side by side."""
    _check(language)
    service = translations.service_to_translate(service_id)
    kept: dict[str, str] = {}
    if request.method == "POST":
        kept = _written(request, language, service_id)
        if not kept:
            return redirect("directory-translate", language, service_id)
    shown = [
        {
            "line": one,
            "label": _label(one),
            "state": STATES[one.status],
            "text": kept.get(one.key, one.text),
            "clash": one.key in kept,
        }
        for one in translations.lines(service, language)
        if one.language != language
    ]
    context = {
        "record": service,
        "to": language,
        "bidi": get_language_info(language)["bidi"],
        "lines": shown,
        "tongues": [
            (name_of(code), reverse("directory-translate", args=[code, service.pk]), code == language)
            for code, _name in settings.LANGUAGES
            if code != service.text_language
        ],
        "has_machine": machine.machine() is not None and not service.confidential,
    }
    return render(request, "directory/staff/translate.html", context, status=409 if kept else 200)


def _label(line: translations.Line) -> str:
    """What a text is; whose it is, where it is not the service's own."""
    if line.table == "service" or line.table not in words.TABLES:
        return words.label("service", line.field)
    return f"{words.TABLES[line.table]}: {words.label(line.table, line.field)}"


def _written(request: HttpRequest, language: str, service_id: UUID) -> dict[str, str]:
    """Write what was sent; the texts that were not, because what they are of changed meanwhile."""
    said = {}
    for key in request.POST.getlist("line"):
        version = version_of(request.POST.get(f"version-{key}", ""))
        if version >= 0:
            text = without_hidden(request.POST.get(f"text-{key}", ""))
            said[key] = (text, version, request.POST.get(f"hash-{key}", ""))
    try:
        written, kept = translations.translate(
            actor_of(request), service_id, language, said, request.POST.getlist("read")
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return {key: text for key, (text, _version, _hash) in said.items()}
    if written:
        told = ngettext("%(count)s text was saved.", "%(count)s texts were saved.", written)
        messages.success(request, told % {"count": written})
    if kept:
        messages.warning(
            request,
            _("What is marked changed while you were writing. Your words are kept: look, then save again."),
        )
    return {key: said[key][0] for key in kept}


@access(TRANSLATE)
@require_POST
def draft(request: HttpRequest, language: str, service_id: UUID) -> HttpResponse:
    """Have the machine draft what is missing."""
    _check(language)
    try:
        count = translations.draft_by_machine(actor_of(request), service_id, language)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        told = ngettext(
            "%(count)s draft was made. Review it: readers see that a machine wrote it until you have.",
            "%(count)s drafts were made. Review them: readers see that a machine wrote them until you have.",
            count,
        )
        messages.success(request, told % {"count": count})
    return redirect("directory-translate", language, service_id)
