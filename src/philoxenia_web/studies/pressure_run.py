"""What a study of pressure and gaps computes: the run of a city, its findings and its report."""

from pathlib import Path

from philoxenia.exchange import City
from philoxenia.report import keep_findings
from philoxenia.workflows import run_city
from philoxenia.workflows.run import ARRIVALS, LOAD, PRESSURE
from philoxenia_web.attempts.inside import Tell
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.steps import Computed, Step, in_numbers

_STEPS = {PRESSURE: Step.PRESSURE, ARRIVALS: Step.ARRIVALS, LOAD: Step.LOAD}


def find(study: Study, city: City, kept: Path, tell: Tell) -> Computed:
    """Run the city; finished steps are taken from `kept`. Raises `PhiloxeniaError`."""
    result = run_city(
        city, seed=study.seed, horizon=study.horizon, kept=kept, progress=in_numbers(tell, _STEPS)
    )

    def write(folder: Path) -> None:
        result.write(folder)
        keep_findings(result.findings, folder / "findings")

    return Computed(result.headline, write)
