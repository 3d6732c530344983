"""Programmes and limits as the address names them: the catalogue's actions that meet a need, and own ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl
from django.http import QueryDict
from django.utils.translation import gettext as _

from philoxenia.exchange import City
from philoxenia_web.ui.late import Late

if TYPE_CHECKING:
    from philoxenia.needs.packages import Programme

_packages = Late("philoxenia.needs.packages")

OWN_ROWS = 4
_MOST_OF_ALL = 12
_LONGEST_NAME = 80
_MONTHS = 12
# Which need an action meets, by what it adds to: the service or stock it names in the table of effects.
_MEETS = {
    "homes": "housing",
    "shelter": "housing",
    "primary_care": "health",
    "school_places": "school",
    "language_programmes": "language",
    "library_programmes": "information",
}
_INTO_HOMES = ("exits", "entries")


@dataclass(frozen=True)
class Entry:
    """One programme of the form. `cost` is of a year, in the city's currency."""

    programme: "Programme"
    chosen: bool
    is_own: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is asked: programmes, how many at most, the budget, and what counts."""

    entries: tuple[Entry, ...]
    most: int
    budget: float | None
    objective: str
    troubles: tuple[str, ...] = ()

    @property
    def programmes(self) -> list["Programme"]:
        """Those to choose from: they meet a need, and cost something where there is a budget."""
        return [one.programme for one in self.entries if one.chosen and one.programme.needs]


def catalogue(city: City, needs: Sequence[str]) -> list["Programme"]:
    """Actions of the city's catalogue that add to something people need, with their first year's cost."""
    if not {"actions", "action_effects"} <= set(city.tables):
        return []
    meets: dict[str, set[str]] = {}
    for action, kind, target in city.tables["action_effects"].select("action", "kind", "target").iter_rows():
        need = "housing" if kind in _INTO_HOMES else _MEETS.get(target or "")
        if need in needs:
            meets.setdefault(action, set()).add(str(need))
    rows = city.tables["actions"].filter(pl.col("action").is_in(list(meets))).iter_rows(named=True)
    return [
        _packages.Programme(
            row["action"],
            tuple(need for need in needs if need in meets[row["action"]]),
            float(row.get("cost_once") or 0) + _MONTHS * float(row.get("cost_per_month") or 0),
            row["title"],
        )
        for row in rows
    ]


def wanted(query: QueryDict, known: Sequence["Programme"], needs: Sequence[str]) -> Wanted:
    """What the address asks for; without anything asked, the whole catalogue and three programmes."""
    is_asked = "most" in query
    ticked = set(query.getlist("action"))
    from_catalogue = [Entry(one, one.id in ticked or not is_asked) for one in known]
    own = [_own(query, row, needs) for row in range(OWN_ROWS)]
    budget, trouble = _amount(query.get("budget", ""))
    troubles = [one.trouble for one in own if one.trouble] + ([trouble] if trouble else [])
    objective = "needs" if query.get("aim") == "needs" else "people"
    return Wanted((*from_catalogue, *own), _most(query.get("most", "3")), budget, objective, tuple(troubles))


def _own(query: QueryDict, row: int, needs: Sequence[str]) -> Entry:
    name = query.get(f"name{row}", "").replace("\x00", "").strip()[:_LONGEST_NAME]
    meets = tuple(one for one in needs if one in query.getlist(f"meets{row}"))
    cost, trouble = _amount(query.get(f"cost{row}", ""))
    programme = _packages.Programme(
        f"own_{row}", meets, cost or 0.0, name or _("Own programme %(n)s") % {"n": row + 1}
    )
    return Entry(programme, bool(meets), True, trouble)


def _amount(text: str) -> tuple[float | None, str]:
    plain = text.strip().replace(",", "").replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    if not plain:
        return None, ""
    try:
        amount = float(plain)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e15:
        return None, _("“%(text)s” is not an amount. Write digits alone, such as 250000.") % {
            "text": text[:40]
        }
    return amount, ""


def _most(text: str) -> int:
    return min(max(int(text), 1), _MOST_OF_ALL) if text.isascii() and text.isdigit() and len(text) < 4 else 3


def priced(programmes: Sequence["Programme"], has_budget: bool) -> list["Programme"]:
    """Without a budget every programme counts alike, whatever it costs."""
    return list(programmes) if has_budget else [replace(one, cost=1.0) for one in programmes]


def named(programmes: Sequence["Programme"]) -> Mapping[str, "Programme"]:
    """Programmes by id."""
    return {one.id: one for one in programmes}
