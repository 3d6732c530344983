"""The pages of a finished study. Each is made once from its findings and then sent as it is."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ
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
from philoxenia_web.studies.report.answering import Made, Pages, answer, first_page
from philoxenia_web.studies.report.downloads import table_file
from philoxenia_web.studies.report.reading import Reading, reading_of

Make = Callable[[Reading, Study, HttpRequest], Made]

PAGES = Pages(
    Kind.PRESSURE,
    reading_of,
    (
        ("study-overview", gettext_lazy("Overview")),
        ("study-today", gettext_lazy("Pressure today")),
        ("study-arrivals", gettext_lazy("Who may come")),
        ("study-load", gettext_lazy("Load and gaps")),
        ("study-quality", gettext_lazy("Data")),
        ("study-method", gettext_lazy("Method")),
    ),
    under={"study-district": "study-today", "study-districts": "study-today"},
)


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
    if not study.is_done or study.kind != Kind.PRESSURE:
        return redirect(first_page(study), study_id)
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
    return answer(PAGES, request, study_id, make, on_disk)
