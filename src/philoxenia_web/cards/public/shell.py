"""Which files the page is made of, and the worker that keeps them on a device."""

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

SCRIPTS = tuple(f"cards/{name}.js" for name in ("ed25519", "code", "check"))
STYLES = ("directory/help.css", "cards/check.css")
_WORKER = "cards/worker.js"
_PICTURE = "ui/mark.svg"


def worker() -> str:
    """The service worker with the list of what it keeps. Another list, or another file, is another worker."""
    files = [static(name) for name in (*STYLES, *SCRIPTS, _PICTURE)]
    told = {
        "version": _version(settings.ENVIRONMENT.supervised),
        "files": files,
        "languages": [code for code, _name in settings.LANGUAGES],
    }
    return f"const SHELL = {json.dumps(told)};\n{_content(_WORKER).decode()}"


def _version(supervised: bool) -> str:
    """Hash of all files; asked for anew while a developer changes them."""
    return _collected_version() if supervised else _hash_of_files()


@cache
def _collected_version() -> str:
    return _hash_of_files()


def _hash_of_files() -> str:
    found = hashlib.sha256()
    for name in (*STYLES[1:], *SCRIPTS, _WORKER, _PICTURE):
        found.update(_content(name))
    found.update(static(STYLES[0]).encode())
    return found.hexdigest()[:16]


def _content(name: str) -> bytes:
    if settings.ENVIRONMENT.supervised:
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    with open(str(finders.find(name)), "rb") as file:  # noqa: PTH123 (a path of the finders)
        return file.read()
