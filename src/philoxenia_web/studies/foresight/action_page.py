"""One action: who gains, who loses, in which futures, and who says so."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page, title_of
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui.tables import Table


def page(reading: ForesightReading, study: Study, request: HttpRequest, action: str) -> Page | Table:
    """One action."""
    return Page(title_of(reading.title(action)), say(_("Who gains, who loses, in which futures?")), say(""))
