"""What a demonstration shows of needs: the protected tables of its linkage, a profile of a made-up survey."""

from contextlib import suppress

from philoxenia.needs.small_area import SmallAreaError
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.needs.districts import estimating
from philoxenia_web.needs.keeping import cube_of
from philoxenia_web.needs.profiles.actions import make_example


def make_demo_needs() -> None:
    """Protect every linked picture that holds, estimate, profile the example; twice is once."""
    for run in runs.usable_runs(SYSTEM):
        cube_of(SYSTEM, run)
    with suppress(SmallAreaError):
        estimating.accounts()
        estimating.ownership(estimating.usual_price())
    department = organisations().filter(kind="department").order_by("name").first()
    if department is not None:
        make_example(department.pk)
