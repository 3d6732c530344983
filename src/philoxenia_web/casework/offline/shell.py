"""What offline work shows in the rail and on the trail; the page that needs no network, and its worker."""

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry

_SCRIPTS = ("vault", "outbox", "page", "sending", "case", "work")
_ALONGSIDE = ("ui/philoxenia.css", "ui/philoxenia.js", "ui/mark.svg", "ui/icons.svg")
_STYLES = ("casework/desk.css", "casework/offline/offline.css")
_WORKER = "casework/offline/worker.js"


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework.offline import leaving, part  # noqa: PLC0415
    from philoxenia_web.casework.policies import CASEWORK  # noqa: PLC0415

    def may(request: HttpRequest) -> bool:
        return can(actor_of(request), CASEWORK)

    add_entry(Entry("front", "offline", _("Work without a network"), may, 60))
    name_actions(_ACTIONS)
    part.register()
    leaving.register()


_ACTIONS = {
    "casework.begin_device": _("prepared a device to work without a network"),
    "casework.take_along": _("took a case along on a device"),
    "casework.settle_change": _("sent a change made without a network"),
    "casework.revoke_device": _("stopped a device"),
    "casework.wipe_device": _("emptied a device"),
    "casework.begin_conflict": _("brought a value that differs from the desk’s"),
    "casework.decide_conflict": _("decided which of two values stands"),
}


def scripts() -> list[str]:
    """Names of the scripts of the page that works without a network, in the order of their needs."""
    return [f"casework/offline/{name}.js" for name in _SCRIPTS]


def styles() -> tuple[str, ...]:
    """Its styles beside those of every page."""
    return _STYLES


def worker() -> str:
    """The service worker with the list of what it keeps. Another list, or another file, is another worker."""
    names = (*_ALONGSIDE, *_STYLES, *scripts())
    told = {"version": _version(settings.ENVIRONMENT.supervised), "files": [static(one) for one in names]}
    told["scripts"] = [static(one) for one in scripts()]
    return f"const SHELL = {json.dumps(told)};\n{_content(_WORKER).decode()}"


def _version(supervised: bool) -> str:
    """Hash of all files; worked out anew while a developer changes them."""
    return _collected_version() if supervised else _hash_of_files()


@cache
def _collected_version() -> str:
    return _hash_of_files()


def _hash_of_files() -> str:
    found = hashlib.sha256()
    for name in (*_STYLES, *scripts(), _WORKER):
        found.update(_content(name))
    found.update(static("ui/philoxenia.css").encode())
    return found.hexdigest()[:16]


def _content(name: str) -> bytes:
    if settings.ENVIRONMENT.supervised:
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    with open(str(finders.find(name)), "rb") as file:  # noqa: PTH123 (a path of the finders)
        return file.read()
