"""What is asked of the plan as a whole, as fields: read from the study, or as they were sent."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from philoxenia.exchange.actions import known_of
from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia_web.studies import action_lines, parameters
from philoxenia_web.studies.aims import AIMS
from philoxenia_web.studies.catalogue import Catalogue
from philoxenia_web.studies.entered import amount_of, number_of, typed
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight_plan import Plan
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.views.entries import Entry, error_at, said
from philoxenia_web.studies.views.plan_step import Trouble
from philoxenia_web.ui import numbers

_MONTHS = 12
_MOST_START = 9
_FIRST_STARTS = (0, 1, 2)
_MEASURES = ("waiting", "in_shelter", "without_own_home")
_WORST = "valuation.worst_share"


class BudgetForm:
    """The fields of the step; `sent` is what a planner typed, nothing where the page is opened."""

    def __init__(
        self,
        catalogue: Catalogue,
        study: Study,
        sent: Mapping[str, str] | None = None,
        trouble: Trouble | None = None,
    ) -> None:
        self._catalogue, self._study, self._sent, self.trouble = catalogue, study, sent, trouble
        self._plan: Plan = study.plan

    def _text(self, name: str, saved: str) -> str:
        return saved if self._sent is None else self._sent.get(name, "")

    def _has(self, name: str, value: str, saved: bool) -> bool:
        """Whether a box or button is ticked."""
        if self._sent is None:
            return saved
        several = getattr(self._sent, "getlist", None)
        return value in several(name) if several else self._sent.get(name) == value

    # --- what the page shows ---------------------------------------------------------------------------

    @property
    def years(self) -> int:
        """Years of the study, the last one perhaps begun only."""
        return -(-self._study.horizon // _MONTHS)

    @property
    def aim(self) -> str:
        """What the plan aims at."""
        return self._text("aim", self._plan.get("aim", AIMS[0][0])) or AIMS[0][0]

    @cached_property
    def worst(self) -> Entry:
        """Which futures count as the worst."""
        share = self._plan.get("worst_share")
        usual = 100 * parameters.city_parameters()[_WORST]
        return Entry(
            "worst_share",
            _("The worst futures are the worst"),
            self._text("worst_share", typed(round(100 * share, 10)) if share else ""),
            "decimal",
            _("Empty: %(usual)s%% of them.") % {"usual": f"{usual:g}"},
            "%",
            place="worst_share",
            optional=True,
            **error_at(self.trouble, "worst_share"),
        )

    @cached_property
    def funders(self) -> list[dict[str, Any]]:
        """Each funder with a field a year; the catalogue's amounts stand in empty fields."""
        titles = action_lines.funders(self._catalogue)
        paying = [line.action.funder for line in self._lines if line.action and line.chosen]
        known = dict.fromkeys([*titles, *paying, *self._plan.get("budgets", {})])
        return [self._funder(one, titles.get(one, one)) for one in known]

    def _funder(self, funder: str, title: str) -> dict[str, Any]:
        own = self._plan.get("budgets", {}).get(funder, [])
        own = own if isinstance(own, list) else [own]
        usual = self.usual(funder)
        entries = []
        for year in range(self.years):
            saved = typed(own[min(year, len(own) - 1)]) if own else ""
            place = f"budgets/{funder}/{year}"
            entries.append(
                Entry(
                    f"budget:{funder}:{year}",
                    _("Year %(year)s") % {"year": year + 1},
                    self._text(f"budget:{funder}:{year}", saved),
                    "decimal",
                    place=place,
                    hint=numbers.exact(usual[year]) if year in usual else _("no limit"),
                    **error_at(self.trouble, place),
                )
            )
        sources = self._catalogue.budgets.filter(self._catalogue.budgets["funder"] == funder)["source"]
        return {"id": funder, "title": title, "entries": entries, "changed": bool(own),
                "source": next(iter(sources.to_list()), "")}  # fmt: skip

    def usual(self, funder: str) -> dict[int, float]:
        """The catalogue's amounts by year, 0 the first."""
        budgets = self._catalogue.budgets
        rows = budgets.filter(budgets["funder"] == funder).select("year", "amount").iter_rows()
        return {year - 1: amount for year, amount in rows}

    @cached_property
    def floors(self) -> list[Entry]:
        """The least each constituency must gain."""
        saved = self._plan.get("floors", {})
        return [
            Entry(
                f"floor:{one}",
                names.constituency(one),
                self._text(f"floor:{one}", typed(saved.get(one))),
                "decimal",
                place=f"floors/{one}",
                hint="0",
                **error_at(self.trouble, f"floors/{one}"),
            )
            for one in CONSTITUENCIES
        ]

    @cached_property
    def open_groups(self) -> Entry:
        """Constituencies for which any loss is taken."""
        none = {one for one, least in self._plan.get("floors", {}).items() if least is None}
        ticked = {one for one in CONSTITUENCIES if self._has("open", one, one in none)}
        return Entry(
            "open",
            _("Groups without a floor"),
            ticked,
            "checks",
            _("The plan may leave them worse off than without it, if others gain more."),
            choices=[(one, names.constituency(one)) for one in CONSTITUENCIES],
            optional=True,
        )

    @cached_property
    def _lines(self) -> list[action_lines.Line]:
        return action_lines.lines(self._catalogue, self._plan)

    @cached_property
    def actions(self) -> list[dict[str, Any]]:
        """Each action that is looked at, and whether it may, must or must not be in the plan."""
        required, banned = self._plan.get("required", []), self._plan.get("banned", [])
        found = []
        for line in self._lines:
            if line.chosen:
                saved = "must" if line.id in required else "not" if line.id in banned else "may"
                found.append({"id": line.id, "title": line.title, "how": self._text(f"how:{line.id}", saved)})
        return found

    @property
    def has_rules(self) -> bool:
        """Whether any action must be in or out."""
        return any(one["how"] != "may" for one in self.actions)

    @cached_property
    def starts(self) -> list[dict[str, Any]]:
        """The years in which actions may start."""
        saved = self._plan.get("starts", _FIRST_STARTS)
        years = range(min(self.years, _MOST_START + 1))
        return [{"year": one, "on": self._has("start", str(one), one in saved)} for one in years]

    @property
    def sizes(self) -> bool:
        """Whether sizes other than the described one are looked at."""
        return self._has("sizes", "yes", bool(self._plan.get("sizes", True)))

    @property
    def failure(self) -> str:
        """Which rule says that a plan failed: a measure of the city, or what it brings."""
        saved = "net" if "net_below" in self._plan.get("failure", {}) else "measure"
        return self._text("failure", saved) or "measure"

    @cached_property
    def failing(self) -> dict[str, Entry]:
        """The fields of the rule."""
        saved = self._plan.get("failure", {})
        services = [f"unmet.{one}" for one in known_of(self._catalogue.city).services]
        measures = [(one, names.measure(one)) for one in (*_MEASURES, *services)]
        return {
            "measure": Entry(
                "measure", _("What is watched"), self._text("measure", saved.get("measure", _MEASURES[0])),
                "select", choices=measures, place="failure/measure",
                **error_at(self.trouble, "failure/measure"),
            ),
            "above": Entry(
                "above", _("More than this in a month"), self._text("above", typed(saved.get("above"))),
                "decimal",
                _("Empty: a level that a quarter of the futures without any action pass."),
                place="failure/above", optional=True, **error_at(self.trouble, "failure/above"),
            ),
            "net_below": Entry(
                "net_below", _("Less than this over all years"),
                self._text("net_below", typed(saved.get("net_below"))), "decimal",
                _("0: it brings less than it costs."), self._catalogue.city.currency,
                place="failure/net_below", **error_at(self.trouble, "failure/net_below"),
            ),
        }  # fmt: skip

    @property
    def currency(self) -> str:
        """The city's money."""
        return self._catalogue.city.currency

    @property
    def said(self) -> list[tuple[str, str, bool]]:
        """What was refused."""
        entries = [self.worst, *self.floors, *self.failing.values()]
        return said(self.trouble, [*entries, *(one for row in self.funders for one in row["entries"])])

    # --- what was sent ---------------------------------------------------------------------------------

    def part(self) -> tuple[Plan, dict[str, str]]:
        """The part of the plan, and what cannot be read by place in the plan."""
        wrong: dict[str, str] = {}
        how = {one["id"]: one["how"] for one in self.actions}
        worst = self._percent(wrong)
        starts = [one["year"] for one in self.starts if one["on"]]
        if not starts:
            wrong["starts"] = _("Choose at least one year in which actions may start.")
        part: Plan = {
            "aim": self.aim if self.aim != AIMS[0][0] else None,
            "worst_share": worst,
            "budgets": self._budgets(wrong),
            "floors": self._floors(wrong),
            "required": [one for one, said in how.items() if said == "must"],
            "banned": [one for one, said in how.items() if said == "not"],
            "starts": None if starts == self._usual_starts() else starts,
            "sizes": None if self.sizes else False,
            "failure": self._failure(wrong),
        }
        return part, wrong

    def _usual_starts(self) -> list[int]:
        return [one for one in _FIRST_STARTS if one < self.years]

    def _percent(self, wrong: dict[str, str]) -> float | None:
        text = self.worst.value.strip()
        value = number_of(text) if text else None
        if text and (value is None or not 0 < value <= 100):
            wrong["worst_share"] = _("Give a share above 0 and up to 100%.")
            return None
        return value / 100 if value is not None else None

    def _budgets(self, wrong: dict[str, str]) -> dict[str, list[float]]:
        found = {}
        for row in self.funders:
            texts = [entry.value.strip() for entry in row["entries"]]
            if any(texts):
                found[row["id"]] = self._amounts(row["id"], texts, wrong)
        return found

    def _amounts(self, funder: str, texts: list[str], wrong: dict[str, str]) -> list[float]:
        usual = self.usual(funder)
        amounts = []
        for year, text in enumerate(texts):
            value = amount_of(text) if text else usual.get(year)
            if value is None or value < 0:
                place = f"budgets/{funder}/{year}"
                wrong[place] = _("Give an amount of 0 or more for each year, or leave all years empty.")
            amounts.append(value or 0.0)
        return amounts

    def _floors(self, wrong: dict[str, str]) -> dict[str, float | None]:
        told: dict[str, float | None] = dict(self._read({one.place: one.value for one in self.floors}, wrong))
        return told | dict.fromkeys(sorted(self.open_groups.value))

    def _read(self, texts: Mapping[str, str], wrong: dict[str, str]) -> dict[str, float]:
        """Amounts by the last part of their place; empty fields are left out."""
        found = {}
        for place, text in texts.items():
            if not text.strip():
                continue
            value = amount_of(text)
            if value is None:
                wrong[place] = _("“%(text)s” is not a number.") % {"text": text[:40]}
            else:
                found[place.rpartition("/")[2]] = value
        return found

    def _failure(self, wrong: dict[str, str]) -> dict[str, Any]:
        if self.failure == "net":
            told = self._read({"failure/net_below": self.failing["net_below"].value}, wrong)
            return told or {"net_below": 0.0}
        told: dict[str, Any] = self._read({"failure/above": self.failing["above"].value}, wrong)
        measure = self.failing["measure"].value or _MEASURES[0]
        return told | ({"measure": measure} if told or measure != _MEASURES[0] else {})
