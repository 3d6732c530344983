"""The pages of a foresight study that need more of the address than the study."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access
from philoxenia_web.studies.foresight import action_page
from philoxenia_web.studies.foresight.frame import PAGES
from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ
from philoxenia_web.studies.report.answering import Made, answer


@access(READ)
@require_safe
def action(request: HttpRequest, study_id: UUID, action: str) -> HttpResponseBase:
    """All that is known of one action."""

    def make(reading: ForesightReading, study: Study, asked: HttpRequest) -> Made:
        if action not in reading.actions:
            raise Http404
        return action_page.page(reading, study, asked, action)

    return answer(PAGES, request, study_id, make, on_disk=True)
