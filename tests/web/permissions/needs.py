"""What the rows of needs.csv open: a finished run of the organisation."""

from typing import Any

from tests.web.needs.made_runs import finished_run

from philoxenia_web.accounts.models import Organisation, Person


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A linked picture that only the organisation takes part in."""
    run = {"run_id": finished_run([organisation]).pk}
    return {"needs-overlap": (run, {}), "needs-packages": (run, {})}
