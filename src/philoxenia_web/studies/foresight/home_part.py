"""What the first page after signing in says of the latest foresight study."""

from django.http import HttpRequest
from django.urls import reverse

from philoxenia_web.studies.foresight import dividend_words
from philoxenia_web.studies.foresight.figures import drawn
from philoxenia_web.studies.foresight.reading import reading_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page, kept_page, key_of, title_of
from philoxenia_web.studies.report.sentences import joined

_MOST = 5


def part(study: Study, request: HttpRequest) -> Page:
    """The answer, the figures to take away, and the actions that bring most; made once."""

    def make() -> Page:
        reading = reading_of(study)
        context = {
            "study": study,
            "keys": dividend_words.keys(reading, study),
            "actions": [dividend_words.linked(reading, study, one) for one in list(reading.actions)[:_MOST]],
            "address": reverse("foresight-dividend", args=[study.pk]),
        }
        lead = joined(dividend_words.answer(reading, study))
        return Page(title_of(study.title), lead, drawn("home_part", context))

    return kept_page(key_of(study, request), make)
