"""Every number of an action with its range, source and date, or the word assumption; changed ones marked."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.money import Money
from philoxenia_web.studies.foresight.reading import ForesightReading, Row, parts
from philoxenia_web.studies.report.names import text, told
from philoxenia_web.ui import numbers

_ASSUMPTION = "assumption"
_PRICED, _COSTS = ("cost_once", "cost_per_month"), {"cost_low", "cost_high"}


def months(count: float | None) -> str:
    """Six months."""
    if count is None:
        return ""
    words = ngettext("%(count)s month", "%(count)s months", round(count))
    return words % {"count": numbers.number(count)}


def own(reading: ForesightReading, action: str) -> list[dict[str, Any]]:
    """What it costs, when it works and in which sizes."""
    row, changed = reading.actions[action], reading.changed(action)
    currency = reading.currency
    low, high = row["cost_low"], row["cost_high"]
    lines: list[tuple[str, str, Any, str, tuple[float | None, float | None]]] = [
        ("cost_once", _("Cost once, at the start"), row["cost_once"], currency, (low, high)),
        (
            "cost_per_month",
            _("Cost in a month while it works"),
            row["cost_per_month"],
            currency,
            (low, high),
        ),
        ("lead_months", _("Months until it works"), row["lead_months"], _("months"), (None, None)),
        ("ramp_months", _("Months until it works fully"), row["ramp_months"], _("months"), (None, None)),
        ("duration_months", _("Months it works"), row["duration_months"], _("months"), (None, None)),
        (
            "life_months",
            _("Months what is built lasts: what remains at the end is credited to who pays"),
            row.get("life_months"),
            _("months"),
            (None, None),
        ),
    ]
    return [
        {
            "what": words,
            "value": value,
            "unit": unit,
            "low": value * bounds[0] if bounds[0] is not None else None,
            "high": value * bounds[1] if bounds[1] is not None else None,
            "changed": bool(changed & {column, "added"} | (_COSTS if column in _PRICED else set()) & changed),
            **(said_by(row["cost_source"], row["cost_date"]) if column.startswith("cost") else _catalogue()),
        }
        for column, words, value, unit, bounds in lines
        if value is not None and (value or column != "cost_once")
    ]


def _catalogue() -> dict[str, Any]:
    """Times bear no source of their own: whoever described the action set them."""
    return {"assumed": False, "source": _("set by whoever described the action"), "date": ""}


def effects(reading: ForesightReading, action: str) -> list[dict[str, Any]]:
    """What it changes in the model of the city."""
    changed = reading.changed(action)
    return [
        {
            "what": _effect(row, reading.found.labels),
            "value": row["size"],
            "percent": bool(row["relative"]) or row["unit"] == "share",
            "unit": text(row["unit"] or ""),
            "low": _times(row["size"], row["low"]),
            "high": _times(row["size"], row["high"]),
            "limits": _limits(row),
            "costs": _exit_costs(row, reading.currency),
            "changed": bool(changed & {"effects", f"effects.{place}", "added"})
            or _within(changed, f"effects.{place}."),
            **said_by(row["source"], row["date"]),
        }
        for place, row in enumerate(reading.rows("effects", action))
    ]


def benefits(reading: ForesightReading, action: str) -> list[dict[str, Any]]:
    """What it brings that the model does not follow."""
    changed = reading.changed(action)
    return [
        {
            "what": told(row["benefit"].replace("_", " ")),
            "pillar": names.pillar(row["pillar"]),
            "amount": row["amount_per_month"],
            "unit": text(row["unit"]),
            "value": row["value"],
            "low": row["value_low"],
            "high": row["value_high"],
            "who": "; ".join(names.groups(parts(row["groups"]))) or _("everybody"),
            "changed": bool(changed & {"benefits", f"benefits.{place}", "added"})
            or _within(changed, f"benefits.{place}."),
            **said_by(row["source"], row["date"]),
        }
        for place, row in enumerate(reading.rows("benefits", action))
    ]


def values(reading: ForesightReading, action: str) -> list[dict[str, Any]]:
    """What a unit of what it changes is worth; of the measures it does not move nothing is shown."""
    moved = {row["measure"] for row in reading.rows("changes", action) if row["mean"]}
    return [one for one in all_values(reading) if one["measure"] in moved]


def all_values(reading: ForesightReading) -> list[dict[str, Any]]:
    """What a unit of each measure is worth to the person it happens to."""
    asked = reading.found.settings.get("values")
    changed = asked if isinstance(asked, Mapping) else {}
    return [
        {
            "measure": row["measure"],
            "what": names.measure(row["measure"], reading.found.labels),
            "unit": text(row["unit"]),
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "pillar": names.pillar(row["pillar"]),
            "changed": row["measure"] in changed,
            **said_by(row["source"], row["date"]),
        }
        for row in reading.found["values"].iter_rows(named=True)
    ]


def options(reading: ForesightReading, action: str, money: Money) -> list[dict[str, Any]]:
    """Sizes and starts beside each other."""
    rows = sorted(reading.rows("options", action), key=lambda row: (row["start_year"], row["size"]))
    most = max((row["net_mean"] for row in rows), default=0.0)
    return [
        {
            "size": row["size"],
            "start": _("at once") if not row["start_year"] else _after(row["start_year"]),
            "net": money.whole(row["net_mean"]),
            "gross": money.whole(row["gross_mean"]),
            "cost": money.whole(row["cost_mean"]),
            "ratio": row["gross_mean"] / row["cost_mean"] if row["cost_mean"] else None,
            "losing": row["share_losing"],
            "worst": money.whole(row["cvar"]),
            "best": row["net_mean"] == most,
        }
        for row in rows
    ]


def _after(years: int) -> str:
    return ngettext("after %(years)s year", "after %(years)s years", years) % {"years": years}


def _effect(row: Row, labels: Mapping[str, str]) -> str:
    kind, target = names.effect(row["kind"]), row["target"]
    if not target:
        return kind
    return _("%(kind)s: %(target)s") % {"kind": kind, "target": names.measure_or_service(target, labels)}


def _limits(row: Row) -> str:
    said = names.groups(parts(row["groups"]))
    said += [_("%(months)s months since arrival") % {"months": one} for one in parts(row["bands"])]
    districts = len(parts(row["districts"]))
    said += (
        [ngettext("%(count)s district", "%(count)s districts", districts) % {"count": districts}]
        if districts
        else []
    )
    return "; ".join(said)


def _exit_costs(row: Row, currency: str) -> str:
    said = []
    if row["cost_per_exit"]:
        words = _("%(amount)s %(currency)s for each move to a home")
        said.append(words % {"amount": numbers.number(row["cost_per_exit"]), "currency": currency})
    if row["cost_per_exit_month"]:
        words = _("%(amount)s %(currency)s for each in every month after")
        said.append(words % {"amount": numbers.number(row["cost_per_exit_month"]), "currency": currency})
    return "; ".join(said)


def _times(size: float | None, factor: float | None) -> float | None:
    return None if size is None or factor is None else size * factor


def _within(changed: set[str], start: str) -> bool:
    return any(one.startswith(start) for one in changed)


def said_by(source: str | None, date: str | None) -> dict[str, Any]:
    """Who says so and when, and whether it is an assumption."""
    words = (source or "").strip()
    assumed = not words or words.lower().startswith(_ASSUMPTION)
    rest = words[len(_ASSUMPTION) :].lstrip(" :;,.") if words.lower().startswith(_ASSUMPTION) else words
    return {"assumed": assumed, "source": told(rest) if rest else SafeString(""), "date": date or ""}
