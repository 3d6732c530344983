"""What all pages of a foresight study share: the tabs above them and how they are sent."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access
from philoxenia_web.studies.foresight.reading import ForesightReading, reading_of
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ
from philoxenia_web.studies.report.answering import Made, Pages, answer

Make = Callable[[ForesightReading, Study, HttpRequest], Made]

PAGES = Pages(
    Kind.FORESIGHT,
    reading_of,
    (
        ("foresight-dividend", gettext_lazy("What pays back")),
        ("foresight-portfolio", gettext_lazy("Plan and budget")),
        ("foresight-robustness", gettext_lazy("How robust")),
        ("foresight-triggers", gettext_lazy("Warning signs")),
        ("foresight-futures", gettext_lazy("Futures")),
        ("foresight-method", gettext_lazy("Method and sources")),
    ),
    under={"foresight-action": "foresight-dividend", "foresight-case-choice": "foresight-portfolio"},
    template="studies/foresight/frame.html",
)


def shown(make: Make, on_disk: bool = False) -> Callable[[HttpRequest, UUID], HttpResponseBase]:
    """A page of a foresight study as a view; `on_disk` where drawing it takes long."""

    @access(READ)
    @require_safe
    def view(request: HttpRequest, study_id: UUID) -> HttpResponseBase:
        return answer(PAGES, request, study_id, make, on_disk)

    return view
