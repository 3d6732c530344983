"""The audit trail: filtered, paged by key, one entry with before and after, and as a file of ids."""

import csv
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from philoxenia_web.accounts import audit, queries
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.accounts.forms import TrailFilter
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.accounts.policies import READ_TRAIL

SIZE = 50
COLUMNS = ("id", "at", "person_id", "organisation_id", "action", "object_type", "object_id", "request_id")


@access(READ_TRAIL)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first."""
    actions = [(code, audit.words_for(code)) for code in audit.actions_seen()]
    form = TrailFilter(request.GET or None, actions=actions, kinds=audit.kinds_seen())
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    entries = filtered(wanted)
    if request.GET.get("export") == "csv":
        audit.record(actor_of(request), "accounts.export_trail")
        return _as_file(entries)
    page, following = _page(entries, request.GET.get("before", ""))
    named = queries.names_of({i for e in page for i in (e.person_id, e.organisation_id) if i})
    context = {
        "form": form,
        "lines": [_line(entry, named) for entry in page],
        "following": following,
        "query": _query(request),
        "is_first": not request.GET.get("before"),
    }
    return render(request, "accounts/trail.html", context)


@access(READ_TRAIL)
@require_safe
def show(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: what was before, what after."""
    entry = AuditEntry.objects.select_related("link").filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    named = queries.names_of({one for one in (entry.person_id, entry.organisation_id) if one})
    fields = sorted({*(entry.before or {}), *(entry.after or {})})
    changes = [(name, _shown(entry.before, name), _shown(entry.after, name)) for name in fields]
    link = getattr(entry, "link", None)
    context = _line(entry, named) | {"changes": changes, "hash": bytes(link.hash).hex() if link else ""}
    return render(request, "accounts/trail_entry.html", context)


def _shown(values: dict[str, Any] | None, name: str) -> str | None:
    """A value in one line; None where there was none."""
    value = (values or {}).get(name)
    return ", ".join(str(one) for one in value) if isinstance(value, list) else value


def filtered(wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    """The entries that a filter leaves."""
    entries = AuditEntry.objects.order_by("-id")
    if wanted.get("person"):
        entries = entries.filter(person_id__in=queries.ids_meant(wanted["person"]))
    if wanted.get("organisation"):
        entries = entries.filter(organisation_id=wanted["organisation"].pk)
    for name in ("action", "object_type", "object_id"):
        if wanted.get(name):
            entries = entries.filter(**{name: wanted[name]})
    if wanted.get("first"):
        entries = entries.filter(at__gte=_midnight(wanted["first"]))
    if wanted.get("last"):
        entries = entries.filter(at__lt=_midnight(wanted["last"]) + timedelta(days=1))
    return entries


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _page(entries: QuerySet[AuditEntry], before: str) -> tuple[list[AuditEntry], int | None]:
    """One page by key: as fast at the end of a long trail as at its beginning."""
    if before.isdigit() and len(before) < 19:
        entries = entries.filter(id__lt=int(before))
    found = list(entries[: SIZE + 1])
    return found[:SIZE], found[SIZE - 1].pk if len(found) > SIZE else None


def _line(entry: AuditEntry, named: dict[Any, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "words": audit.words_for(entry.action),
        "person": named.get(entry.person_id, ""),
        "organisation": named.get(entry.organisation_id, ""),
    }


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("before", "export"):
        query.pop(name, None)
    return query.urlencode()


class _Echo:
    def write(self, line: str) -> str:
        return line


def _as_file(entries: QuerySet[AuditEntry]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield writer.writerow(COLUMNS)
        for row in entries.values_list(*COLUMNS).iterator(chunk_size=2000):
            yield writer.writerow([_safe(value) for value in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="trail.csv"'
    return answer


def _safe(value: Any) -> Any:
    """No spreadsheet shall take a text for a formula."""
    text = value.isoformat() if isinstance(value, datetime) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t\r" else text
