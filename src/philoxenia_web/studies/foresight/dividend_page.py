"""What pays back? Every action with what it brings beyond its cost, for whom, and in how many futures."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page, title_of
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui.tables import Table


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page | Table:
    """The ranking of all actions."""
    return Page(title_of(study.title), say(_("Which actions pay back?")), say(""))
