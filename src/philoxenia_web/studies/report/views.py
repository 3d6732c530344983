"""The pages of a finished study. Each is made once from its findings and then sent as it is."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from philoxenia.report import ReportError
from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ, SHARE
from philoxenia_web.studies.queries import result_folder, study_for
from philoxenia_web.studies.report import (
    arrivals_page,
    district_page,
    load_page,
    method_page,
    overview_page,
    quality_page,
    today_page,
)
from philoxenia_web.studies.report.downloads import table_file
from philoxenia_web.studies.report.keeping import Page, etag_of, kept_page, key_of
from philoxenia_web.studies.report.reading import Reading, reading_of, withdrawn_titles
from philoxenia_web.ui import errors
from philoxenia_web.ui.tables import Table

Made = Page | Table
Make = Callable[[Reading, Study, HttpRequest], Made]

DAMAGED = gettext_lazy(
    "The result of this study is damaged on the disk. Nothing else is lost: copy the study and run it again."
)
_log = logging.getLogger(__name__)
_ASK_AGAIN = "private, no-cache"
_LONGEST_QUERY = 2000


@access(READ)
@require_safe
def overview(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """The question, its answer, and where to look next."""
    return _answer(request, study_id, overview_page.page, on_disk=True)


@access(READ)
@require_safe
def today(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """Where pressure is, for whom, and what is within reach."""
    return _answer(request, study_id, today_page.page)


@access(READ)
@require_safe
def district(request: HttpRequest, study_id: UUID, district_id: str) -> HttpResponseBase:
    """All that is known of one district."""

    def make(reading: Reading, study: Study, asked: HttpRequest) -> Made:
        if district_id not in reading.names:
            raise Http404
        return district_page.page(reading, study, asked, district_id)

    return _answer(request, study_id, make)


@access(READ)
@require_safe
def jump(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """The district whose name was written, or a list of those that come near it."""
    study = study_for(actor_of(request), study_id)
    if not study.is_done:
        return redirect("study-status", study_id)
    found = district_page.near(reading_of(study), request.GET.get("name", ""))
    if len(found) == 1:
        return redirect("study-district", study_id, found[0])
    return _answer(request, study_id, district_page.choice)


@access(READ)
@require_safe
def arrivals(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """Who may come, and how the forecasts did before."""
    return _answer(request, study_id, arrivals_page.page, on_disk=True)


@access(READ)
@require_safe
def load(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """What that asks of each service, when and where."""
    return _answer(request, study_id, load_page.page, on_disk=not request.GET)


@access(READ)
@require_safe
def quality(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """Which data stand behind it."""
    return _answer(request, study_id, quality_page.page)


@access(READ)
@require_safe
def method(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """How it was computed."""
    return _answer(request, study_id, method_page.page)


@access(READ)
@require_safe
def table(request: HttpRequest, study_id: UUID, name: str, form: str) -> HttpResponseBase:
    """One table of the findings as CSV with HXL tags or as Parquet."""
    study = study_for(actor_of(request), study_id)
    return table_file(result_folder(study), name, form)


def _answer(request: HttpRequest, study_id: UUID, make: Make, on_disk: bool = False) -> HttpResponseBase:
    """The page, or word that the browser's copy still holds. A study that is not done shows how far it is."""
    if len(request.META.get("QUERY_STRING", "")) > _LONGEST_QUERY:
        raise BadRequest(_("The address is too long."))
    actor = actor_of(request)
    study = study_for(actor, study_id)
    if not study.is_done:
        return redirect("study-status", study_id)
    try:
        return _shown(request, study, make, on_disk)
    except ReportError:
        _log.exception("The findings of study %s cannot be read", study.pk)
        return errors.answer(request, 503, str(DAMAGED))


def _shown(request: HttpRequest, study: Study, make: Make, on_disk: bool) -> HttpResponseBase:
    key, withdrawn = key_of(study, request), withdrawn_titles(study)
    tag = etag_of(key, actor_of(request), request, withdrawn)
    has_messages = len(get_messages(request)) > 0
    if not has_messages and tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _kept_by_the_browser(HttpResponseNotModified(), tag)
    if any(name.endswith("-export") for name in request.GET):
        return _file(make(reading_of(study), study, request))
    page = kept_page(key, lambda: _only_page(make(reading_of(study), study, request)), on_disk)
    context = {
        "page": page,
        "study": study,
        "nav": _views_of(study, request),
        "withdrawn": withdrawn,
        "is_first": make is overview_page.page,
        "may_share": can(actor_of(request), SHARE, study.organisation_id),
    }
    answer = render(request, "studies/report/frame.html", context)
    return answer if has_messages else _kept_by_the_browser(answer, tag)


def _file(made: Made) -> HttpResponseBase:
    if not isinstance(made, Table):
        raise BadRequest(_("There is no such table on this page."))
    return made.export()


def _only_page(made: Made) -> Page:
    if not isinstance(made, Page):
        raise TypeError("A page was asked for, not a file.")
    return made


def _kept_by_the_browser(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"] = tag
    answer["Cache-Control"] = _ASK_AGAIN
    patch_vary_headers(answer, ["Cookie", "Accept-Language", "HX-Request"])
    return answer


def _views_of(study: Study, request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The pages of a study, for the tabs above each."""
    pages = (
        ("study-overview", _("Overview")),
        ("study-today", _("Pressure today")),
        ("study-arrivals", _("Who may come")),
        ("study-load", _("Load and gaps")),
        ("study-quality", _("Data")),
        ("study-method", _("Method")),
    )
    here = request.resolver_match.url_name if request.resolver_match else ""
    here = "study-today" if here in ("study-district", "study-districts") else here
    return [(words, reverse(name, args=[study.pk]), name == here) for name, words in pages]
