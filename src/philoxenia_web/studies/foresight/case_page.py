"""The investment case: choose the plan or one action, who it is for and its language; then download it."""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia.report import ReportError
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.studies.foresight.case_file import kept_case
from philoxenia_web.studies.foresight.plan_words import Words, drawn
from philoxenia_web.studies.foresight.plans import Plans
from philoxenia_web.studies.foresight.reading import ForesightReading, reading_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ
from philoxenia_web.studies.queries import study_for
from philoxenia_web.studies.report.answering import DAMAGED
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import errors

_log = logging.getLogger(__name__)


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page:
    """The form whose button downloads the case."""
    plans = Plans(reading.found)
    words = Words(reading, plans, study)
    main = plans.main
    asked = request.GET.get("action", "")
    inside = {row["action"] for row in plans.taken(reading.found.main_plan)}
    context: dict[str, Any] = {
        "nothing": main is None and not reading.actions,
        "begin": reverse("study-settings", args=[study.pk]),
        "file": reverse("foresight-case", args=[study.pk]),
        "cost": words.money(main["cost"]) if main else "",
        "net": words.range(main["net_mean"], main["net_p10"], main["net_p90"]) if main else "",
        "actions": [
            {"id": one, "title": reading.title(one), "current": one == asked, "inside": one in inside}
            for one in reading.actions
        ],
        "funders": list(reading.funders.items()),
        "languages": [(code, _own_name(code), code == get_language()) for code, _name in settings.LANGUAGES],
    }
    lead = _("A few printed pages: what it costs, what it brings to whom, in which futures, and who says so.")
    return Page(say(_("An investment case for a funder")), say(lead), drawn("case", context))


def _own_name(code: str) -> str:
    name = str(get_language_info(code)["name_local"])
    return name[:1].upper() + name[1:]


@access(READ)
@require_safe
def case(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
    """The case as PDF: of the whole plan, or of the action of the address; for a funder; in a language."""
    study = study_for(actor_of(request), study_id)
    if not study.is_done:
        return redirect("study-status", study_id)
    reading = reading_of(study)
    action, funder = (request.GET.get(name, "") for name in ("action", "funder"))
    if (action and action not in reading.actions) or (funder and funder not in reading.funders):
        raise Http404
    try:
        path = kept_case(study, reading.found, action, funder, _language(request))
    except ReportError:
        _log.exception("The investment case of study %s cannot be made", study.pk)
        return errors.answer(request, 503, str(DAMAGED))
    name = f"investment-case-{action or 'plan'}.pdf"
    answer = FileResponse(path.open("rb"), content_type="application/pdf", as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _language(request: HttpRequest) -> str:
    known = [code for code, _name in settings.LANGUAGES]
    asked = request.GET.get("language", "")
    here = get_language() or settings.LANGUAGE_CODE
    return asked if asked in known else here if here in known else str(settings.LANGUAGE_CODE)
