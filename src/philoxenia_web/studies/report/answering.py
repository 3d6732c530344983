"""How a page of a finished study is sent: made once, kept, and confirmed to the browser that still holds it.

Owns this for every kind of study; ignores what the pages say and what their results hold.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.report import ReportError
from philoxenia_web.accounts.access import actor_of, can
from philoxenia_web.datasets.queries import withdrawn_among
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import SHARE
from philoxenia_web.studies.queries import study_for
from philoxenia_web.studies.report.keeping import Page, etag_of, kept_page, key_of
from philoxenia_web.ui import errors
from philoxenia_web.ui.tables import Table

R = TypeVar("R")
Made = Page | Table

DAMAGED = gettext_lazy(
    "The result of this study is damaged on the disk. Nothing else is lost: copy the study and run it again."
)
_log = logging.getLogger(__name__)
_ASK_AGAIN = "private, no-cache"
_LONGEST_QUERY = 2000
_MOST_KEPT = 4


class ReadOnce(Generic[R]):
    """Readings of finished studies. Results never change: one is kept for as long as there is room."""

    def __init__(self, folder_of: Callable[[Study], Path], read: Callable[[Path], R]) -> None:
        self._folder_of, self._read = folder_of, read
        self._kept: OrderedDict[Path, R] = OrderedDict()
        self._lock = Lock()

    def __call__(self, study: Study) -> R:
        """The reading of a finished study. `Http404` where there is none."""
        folder = self._folder_of(study)
        with self._lock:
            if folder in self._kept:
                self._kept.move_to_end(folder)
                return self._kept[folder]
        read = self._read(folder)
        with self._lock:
            self._kept[folder] = read
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return read


@dataclass(frozen=True)
class Pages(Generic[R]):
    """What the pages of one kind of study share.

    `tabs`: names of addresses with their words; one that no address bears yet is left out. `under`: pages
    that stand under a tab of another name. `kind`: that of the studies that have such pages.
    """

    kind: Kind
    reading_of: Callable[[Study], R]
    tabs: Sequence[tuple[str, str | Promise]]
    under: dict[str, str]
    template: str = "studies/report/frame.html"

    @cached_property
    def first(self) -> str:
        """The name of the first page."""
        return self.tabs[0][0]

    def nav(self, study: Study, here: str) -> list[tuple[str, str, bool]]:
        """The tabs above each page: words, address, whether it is this one."""
        here = self.under.get(here, here)
        found = ((words, _address(name, study), name == here) for name, words in self.tabs)
        return [(str(words), address, current) for words, address, current in found if address]


def answer(
    pages: Pages[R],
    request: HttpRequest,
    study_id: UUID,
    make: Callable[[R, Study, HttpRequest], Made],
    on_disk: bool = False,
) -> HttpResponseBase:
    """The page, or word that the browser's copy still holds. A study that is not done shows how far it is;
    one of another kind shows its own first page."""
    if len(request.META.get("QUERY_STRING", "")) > _LONGEST_QUERY:
        raise BadRequest(_("The address is too long."))
    study = study_for(actor_of(request), study_id)
    if not study.is_done:
        return redirect("study-status", study_id)
    if study.kind != pages.kind:
        return redirect(first_page(study), study_id)
    try:
        return _shown(pages, request, study, make, on_disk)
    except ReportError:
        _log.exception("The result of study %s cannot be read", study.pk)
        return errors.answer(request, 503, str(DAMAGED))


def first_page(study: Study) -> str:
    """The name of the address at which a finished study is read first."""
    return "foresight-dividend" if study.is_foresight else "study-overview"


def withdrawn_titles(study: Study) -> list[str]:
    """Data sets behind a study whose version was withdrawn since: its figures are to be read with care."""
    used = study.inputs.exclude(dataset_version_id=None).values_list("dataset_version_id", flat=True)
    ids = [one for one in used if one]
    return [facts.title for facts in withdrawn_among(ids)] if ids else []


def _shown(
    pages: Pages[R],
    request: HttpRequest,
    study: Study,
    make: Callable[[R, Study, HttpRequest], Made],
    on_disk: bool,
) -> HttpResponseBase:
    key, withdrawn = key_of(study, request), withdrawn_titles(study)
    tag = etag_of(key, actor_of(request), request, withdrawn)
    has_messages = len(get_messages(request)) > 0
    if not has_messages and tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _kept_by_the_browser(HttpResponseNotModified(), tag)
    if any(name.endswith("-export") for name in request.GET):
        return _file(make(pages.reading_of(study), study, request))
    page = kept_page(key, lambda: _only_page(make(pages.reading_of(study), study, request)), on_disk)
    here = request.resolver_match.url_name or "" if request.resolver_match else ""
    context = {
        "page": page,
        "study": study,
        "nav": pages.nav(study, here),
        "withdrawn": withdrawn,
        "is_first": here == pages.first,
        "may_share": can(actor_of(request), SHARE, study.organisation_id),
    }
    sent = render(request, pages.template, context)
    return sent if has_messages else _kept_by_the_browser(sent, tag)


def _file(made: Made) -> HttpResponseBase:
    if not isinstance(made, Table):
        raise BadRequest(_("There is no such table on this page."))
    return made.export()


def _only_page(made: Made) -> Page:
    if not isinstance(made, Page):
        raise TypeError("A page was asked for, not a file.")
    return made


def _kept_by_the_browser(sent: HttpResponse, tag: str) -> HttpResponse:
    sent["ETag"] = tag
    sent["Cache-Control"] = _ASK_AGAIN
    patch_vary_headers(sent, ["Cookie", "Accept-Language", "HX-Request"])
    return sent


def _address(name: str, study: Study) -> str:
    try:
        return reverse(name, args=[study.pk])
    except NoReverseMatch:
        return ""
