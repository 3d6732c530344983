"""What the rows of studies_report.csv open: a finished study of the organisation, shared inside it."""

from typing import Any

from tests.engine.report.made_city import bare
from tests.web.studies_report.made_study import finished, share

from philoxenia_web.accounts.models import Organisation, Person


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """One study with its findings on disk, and one table of them."""
    study = finished(organisation, bare())
    share(study, organisation)
    here = {"study_id": study.pk}
    pages = ("overview", "today", "districts", "arrivals", "load", "quality", "method")
    return {
        **{f"study-{page}": (here, {}) for page in pages},
        "study-district": ({**here, "district_id": "000"}, {}),
        "study-table": ({**here, "name": "people", "form": "csv"}, {}),
    }
