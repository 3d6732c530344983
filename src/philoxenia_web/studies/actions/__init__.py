"""Everything that changes a study: permission, transaction and trail in one place, for pages and API."""

from philoxenia_web.studies.actions.demo import make_demo_foresight, make_demo_study
from philoxenia_web.studies.actions.running import cancel, retry, start
from philoxenia_web.studies.actions.settings import Settings, change, copy, create, delete
from philoxenia_web.studies.actions.sharing import share, unshare

__all__ = [
    "Settings",
    "cancel",
    "change",
    "copy",
    "create",
    "delete",
    "make_demo_foresight",
    "make_demo_study",
    "retry",
    "share",
    "start",
    "unshare",
]
