"""The first page after signing in: what the city knows now, and what waits for this person.

Each role finds its own part; somebody with several roles finds them all.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia.report import ReportError
from philoxenia_web.accounts.access import SIGNED_IN, Actor, access, actor_of, can
from philoxenia_web.accounts.policies import MANAGE_PEOPLE, READ_TRAIL
from philoxenia_web.accounts.queries import open_invitations
from philoxenia_web.datasets import queries as datasets
from philoxenia_web.datasets.policies import HAND_IN
from philoxenia_web.studies.foresight import home_part
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ, RUN
from philoxenia_web.studies.queries import latest_shared, shared_with, visible
from philoxenia_web.studies.report import overview_page, sentences
from philoxenia_web.studies.report.figures import drawn, place_in
from philoxenia_web.studies.report.keeping import Page, kept_page, key_of, title_of
from philoxenia_web.studies.report.reading import reading_of
from philoxenia_web.studies.signs import SIGNS
from philoxenia_web.ui import numbers

_log = logging.getLogger(__name__)
_MOST = 5
_SOON = timedelta(days=60)
_STALE = timedelta(days=365)


@dataclass(frozen=True)
class Item:
    """One line of a part: where it leads, its words, a badge, and a note."""

    words: str
    address: str
    note: str = ""
    badge: str = ""
    sign: str = "info"


@dataclass(frozen=True)
class Part:
    """What waits for somebody of a role: items, or what to say where there is none."""

    title: str
    items: list[Item] = field(default_factory=list)
    nothing: str = ""
    address: str = ""
    address_words: str = ""


@access(SIGNED_IN, strangers="help")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest study, and what waits."""
    actor = actor_of(request)
    reads = can(actor, READ)
    latest = latest_shared(actor) if reads else None
    foreseen = latest_shared(actor, Kind.FORESIGHT) if reads else None
    parts = [make(actor) for allowed, make in _PARTS if allowed(actor)]
    context = {
        "page": _readable(_latest, latest, request) if latest else None,
        "foresight": _readable(home_part.part, foreseen, request) if foreseen else None,
        "study": latest,
        "parts": parts,
        "begin": None if latest or foreseen or not reads else _begin(actor),
        "may_run": can(actor, RUN),
        "may_hand_in": can(actor, HAND_IN),
    }
    return render(request, "studies/report/home.html", context)


def _readable(make: Callable[[Study, HttpRequest], Page], study: Study, request: HttpRequest) -> Page | None:
    """The latest study; where its result is damaged, the rest of the page still stands."""
    try:
        return make(study, request)
    except ReportError:
        _log.exception("The result of study %s cannot be read", study.pk)
        return None


def _latest(study: Study, request: HttpRequest) -> Page:
    """The answer, key figures and map of a study, made once."""

    def make() -> Page:
        reading = reading_of(study)
        context = {
            "study": study,
            "keys": overview_page.keys(reading, study),
            "map": overview_page.overlap_map(reading, study) if reading.aspects else None,
        }
        return Page(title_of(study.title), sentences.answer(reading, place_in(reading, study)),
                    drawn("home_latest", context))  # fmt: skip

    return kept_page(key_of(study, request), make)


def _begin(actor: Actor) -> list[SafeString]:
    """How a new installation begins, step by step, as far as this person can take it."""
    steps = []
    if can(actor, HAND_IN):
        steps.append(
            _linked("data-hand-in", _("Hand in the first extract: what a department has, as it has it."))
        )
    else:
        steps.append(format_html("{}", _("A data steward hands in the first extract.")))
    if can(actor, RUN):
        steps.append(_linked("study-new", _("Make the first study from it, or from the city's own package.")))
    else:
        steps.append(format_html("{}", _("A planner makes the first study from it and shares it.")))
    steps.append(format_html("{}", _("Its answer, key figures and map then stand here.")))
    return steps


def _linked(name: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(name), words)


def _own_studies(actor: Actor) -> Part:
    rows = visible(actor).filter(Q(created_by=actor.person_id) | Q(asked_by=actor.person_id))
    items = [
        Item(
            one.title,
            reverse("study-overview", args=[one.pk]),
            numbers.day(one.finished_at or one.created_at),
            str(one.get_state_display()),
            SIGNS[Study.State(one.state)],
        )
        for one in rows.order_by("-changed_at", "id")[:_MOST]
    ]
    nothing = _("You have made no study yet.")
    return Part(_("Your studies"), items, nothing, reverse("studies"), _("All studies"))


def _shared(actor: Actor) -> Part:
    rows = shared_with(actor).order_by("-finished_at", "id")[:_MOST]
    items = [
        Item(one.title, reverse("study-overview", args=[one.pk]), _("%(organisation)s, %(day)s") % {
            "organisation": one.organisation, "day": numbers.day(one.finished_at)})
        for one in rows
    ]  # fmt: skip
    nothing = _("When a planner shares a finished study with you, it stands here.")
    return Part(_("Shared with you"), items, nothing, reverse("studies"), _("All studies"))


def _to_hand_in(actor: Actor) -> Part:
    uploads = [
        Item(one.name, reverse("data-hand-in"), _("Go on with this upload"), _("Not finished"), "waiting")
        for one in datasets.unfinished_uploads(actor)[:_MOST]
    ]
    drafts = [
        Item(one.file_name, reverse("version-check", args=[one.pk]), numbers.day(one.created_at),
             str(one.get_state_display()), "attention")
        for one in datasets.drafts_for(actor)[:_MOST]
    ]  # fmt: skip
    nothing = _("Everything that was handed in is published.")
    return Part(
        _("To finish"), [*uploads, *drafts], nothing, reverse("data-hand-in"), _("Hand in an extract")
    )


def _to_renew(actor: Actor) -> Part:
    own = datasets.versions_for(actor).filter(state="published", dataset__in=datasets.own_datasets(actor))
    newest: dict[Any, Any] = {}
    for version in own.order_by("dataset_id", "-number"):
        newest.setdefault(version.dataset_id, version)
    items = [item for version in newest.values() if (item := _renewal(version))]
    items.sort(key=lambda item: item.sign != "problem")
    nothing = _("No agreement ends soon, and no data set of yours is older than a year.")
    return Part(_("To renew"), items[:_MOST], nothing, reverse("data-sets"), _("All data sets"))


def _renewal(version: Any) -> Item | None:
    """A data set whose agreement ended or ends soon, or whose newest version is old."""
    agreement, today = datasets.agreement_of(version), datasets.today()
    here = reverse("data-set", args=[version.dataset_id])
    until = agreement.valid_until if agreement else None
    if until and until < today:
        return Item(version.dataset.title, here, numbers.day(until), _("Agreement ended"), "problem")
    if until and until < today + _SOON:
        return Item(version.dataset.title, here, numbers.day(until), _("Agreement ends soon"), "attention")
    if version.published_at and version.published_at < timezone.now() - _STALE:
        note = _("last handed in %(day)s") % {"day": numbers.day(version.published_at)}
        return Item(version.dataset.title, here, note, _("Older than a year"), "attention")
    return None


def _trail(_actor: Actor) -> Part:
    words = _("Who did what, when, and how it was before and after.")
    item = Item(_("Latest entries"), reverse("trail"), words)
    return Part(_("Audit trail"), [item])


def _invitations(_actor: Actor) -> Part:
    rows = open_invitations().order_by("expires_at")
    items = [
        Item(str(one.organisation), reverse("invitations"), _("open until %(day)s") % {
            "day": numbers.day(one.expires_at)}, _("Not accepted yet"), "waiting")
        for one in rows[:_MOST]
    ]  # fmt: skip
    nothing = _("No invitation waits for an answer.")
    return Part(_("Invitations"), items, nothing, reverse("invite"), _("Invite somebody"))


_PARTS: tuple[tuple[Callable[[Actor], bool], Callable[[Actor], Part]], ...] = (
    (lambda actor: can(actor, RUN), _own_studies),
    (lambda actor: can(actor, HAND_IN), _to_hand_in),
    (lambda actor: can(actor, HAND_IN), _to_renew),
    (lambda actor: can(actor, READ) and not can(actor, RUN), _shared),
    (lambda actor: can(actor, READ_TRAIL), _trail),
    (lambda actor: can(actor, MANAGE_PEOPLE), _invitations),
)
