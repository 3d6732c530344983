"""What the worker does to keep the index in step; the job itself is in `directory.tasks`."""

from philoxenia_web.ui.late import Late

QUEUE = "checks"
TASK = "directory.follow_index"
# The index's library is loaded by the worker only.
_index = Late("philoxenia_web.directory.search.index")
_keeping = Late("philoxenia_web.directory.search.keeping")


def follow_index() -> str:
    """Bring the index up to the last change; leaves it to whoever is writing it already."""
    try:
        return str(_keeping.follow())
    except _index.BusyError:
        return "busy"
