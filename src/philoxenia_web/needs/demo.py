"""What a demonstration shows of needs: the protected tables of its linkage, a profile of a made-up survey."""

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.needs.keeping import cube_of
from philoxenia_web.needs.profiles.actions import make_example


def make_demo_needs() -> int:
    """Protect every linked picture that holds, and profile the example; twice is once. How many pictures."""
    pictures = runs.usable_runs(SYSTEM)
    for run in pictures:
        cube_of(SYSTEM, run)
    department = organisations().filter(kind="department").order_by("name").first()
    if department is not None:
        make_example(department.pk)
    return len(pictures)
