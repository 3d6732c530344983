"""What records, their fields and states are called on pages of those who look after them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.directory.editing import languages
from philoxenia_web.directory.models import Service
from philoxenia_web.directory.staff.forms import records, rows
from philoxenia_web.ui import numbers

TABLES = {
    "service": gettext_lazy("Service"),
    "location": gettext_lazy("Place"),
    "organization": gettext_lazy("Organisation"),
}
SIGNS = {"active": "success", "temporarily closed": "attention", "inactive": "waiting", "defunct": "waiting"}
_YES_NO = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}


def label(table: str, field: str) -> str:
    """What a field or part of a record is called in its form."""
    if field == "languages":
        return _("Languages spoken")
    if field in rows.TITLES:
        return str(rows.TITLES[field])
    known = records.FORMS[table].base_fields.get(field)
    return str(known.label) if known is not None else field.replace("_", " ")


def said(field: str, value: Any) -> list[str]:
    """A value as lines to read."""
    if isinstance(value, list):
        return [_row(field, one) if isinstance(one, Mapping) else _code(field, one) for one in value]
    if value in (None, ""):
        return []
    if isinstance(value, bool):
        return [str(_YES_NO[value])]
    if isinstance(value, int | float):
        return [numbers.exact(value)]
    return [_code(field, value)]


def _code(field: str, value: Any) -> str:
    """The words for a code."""
    if field == "needs":
        return dict(records.needs_in_words()).get(value, str(value))
    if field == "text_language":
        return languages.name_of(value)
    if field == "status":
        return str(dict(Service.Status.choices).get(value, value))
    known = records.FORMS["service"].base_fields.get(field)
    choices = dict(getattr(known, "choices", None) or {}) if known is not None else {}
    return str(choices.get(value, value))


def _row(field: str, row: Mapping[str, Any]) -> str:
    if field == "schedules":
        return hours(row)
    if field == "languages":
        return languages.name_of(row["code"]) if row.get("code") else str(row.get("name") or "")
    values = (value for key, value in row.items() if key != "id" and value not in (None, ""))
    return ", ".join(numbers.exact(one) if isinstance(one, float) else str(one) for one in values)


def hours(row: Mapping[str, Any]) -> str:
    """Mon, Tue 09:00 to 17:00."""
    named = dict(rows.DAYS)
    days = [str(named.get(one, one)) for one in str(row.get("byday") or "").split(",") if one]
    opens, closes = row.get("opens_at") or "", row.get("closes_at") or ""
    times = _("%(opens)s to %(closes)s") % {"opens": opens, "closes": closes} if opens or closes else ""
    span = [str(row[name]) for name in ("valid_from", "valid_to", "description", "notes") if row.get(name)]
    rule = "" if rows.is_simple(row) else str(row.get("freq") or "").lower()
    return " ".join(filter(None, [", ".join(days), times, rule, "; ".join(span)]))
