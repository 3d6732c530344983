"""What the rows of needs.csv open: a finished run of the organisation."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.needs.made_runs import finished_run

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.needs.models import Profile

SPEC = """
[survey]
name = "Survey"
anonymous = true

[[indicators]]
id = "a"
name = "A"
where = "a > 1"
"""


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A linked picture that only the organisation takes part in, and a profile of its own survey."""
    run = {"run_id": finished_run([organisation]).pk}
    profile = Profile.objects.create(
        organisation=organisation, created_by=people["planner"], title="Survey", spec=SPEC, state="done"
    )

    def survey() -> dict[str, Any]:
        entries = {"key": str(uuid4()), "organisation": str(organisation.pk), "is_anonymous": "on"}
        file = SimpleUploadedFile("survey.csv", b"a,b\n1,2\n2,3\n")
        return entries | {"spec": SPEC, "survey": file}

    return {
        "needs-overlap": (run, {}),
        "needs-packages": (run, {}),
        "POST needs-profiles": ({}, survey),
        "needs-profile": ({"profile_id": profile.pk}, {}),
        "needs-profile-delete": ({"profile_id": profile.pk}, {}),
        "needs-profile-example": ({"name": "spec.toml"}, {}),
    }
