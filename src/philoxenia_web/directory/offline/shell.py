"""The app that reads an edition: which files it is made of, its worker, its manifest for installing."""

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia.report.tokens import LIGHT
from philoxenia_web.ui.context import city_name

SCRIPTS = ("text", "hours", "finding", "edition", "parts", "service", "status", "app")
_STYLES = ("directory/help.css", "directory/offline/offline.css")
_ICONS = {"192x192": "icon-192", "512x512": "icon-512"}
_WORKER = "directory/offline/worker.js"


def scripts() -> list[str]:
    """Names of the scripts, in the order in which they need each other."""
    return [f"directory/offline/{name}.js" for name in SCRIPTS]


def worker() -> str:
    """The service worker with the list of what it keeps. Another list, or another file, is another worker."""
    files = [static(name) for name in (*_STYLES, *scripts(), "ui/mark.svg")]
    told = {
        "version": _version(settings.ENVIRONMENT.supervised),
        "files": files,
        "edition": static("directory/offline/edition.js"),
        "wait": default_parameters()["directory.offline_wait_seconds"],
    }
    return f"const SHELL = {json.dumps(told)};\n{_content(_WORKER).decode()}"


def app_manifest(language: str) -> dict[str, Any]:
    """What a phone needs to put the app beside the others."""
    start = f"/help/{language}/offline/"
    icons = [
        {
            "src": static(f"directory/offline/{name}.png"),
            "sizes": size,
            "type": "image/png",
            "purpose": purpose,
        }
        for size, name in _ICONS.items()
        for purpose in ("any", "maskable")
    ]
    city = city_name(settings.ENVIRONMENT.city)
    return {
        "id": start,
        "name": _("Find help in %(city)s") % {"city": city} if city else _("Find help"),
        "short_name": _("Find help"),
        "lang": language,
        "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
        "start_url": start,
        "scope": "/help/",
        "display": "minimal-ui",
        "background_color": LIGHT["paper"],
        "theme_color": LIGHT["paper"],
        "icons": icons,
    }


def _version(supervised: bool) -> str:
    """Hash of all files; asked for anew while a developer changes them."""
    return _collected_version() if supervised else _hash_of_files()


@cache
def _collected_version() -> str:
    return _hash_of_files()


def _hash_of_files() -> str:
    found = hashlib.sha256()
    for name in (*_STYLES, *scripts(), _WORKER, "ui/mark.svg"):
        found.update(_content(name))
    found.update(static("directory/help.css").encode())
    return found.hexdigest()[:16]


def _content(name: str) -> bytes:
    if settings.ENVIRONMENT.supervised:
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    place = finders.find(name)
    with open(str(place), "rb") as file:  # noqa: PTH123 (a path of the finders)
        return file.read()
