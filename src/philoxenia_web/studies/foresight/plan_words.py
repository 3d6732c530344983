"""Plans in the reader's language: money, aims, what an action waits for, why it is in or out, how often."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from philoxenia_web.studies.aims import AIMS
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.money import money_for
from philoxenia_web.studies.foresight.plans import Plans, Row, Step
from philoxenia_web.studies.foresight.reading import ForesightReading, parts
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.names import listed
from philoxenia_web.studies.report.sentences import bdi, joined, say
from philoxenia_web.ui import numbers

_TEN, _HUNDRED = 10, 100
_NEARLY = 0.04
_EXACT_GAP = 0.001

AIM_NAMES: Mapping[str, Promise] = {aim: name for aim, name, _meaning in AIMS}
_AIM_MEANINGS: Mapping[str, Promise] = {
    "mean": gettext_lazy("The actions whose dividend, averaged over all futures, is largest."),
    "cvar": gettext_lazy(
        "The actions that bring most in the worst {share} of futures: a plan for a city that fears bad times "
        "more than it hopes for good ones."
    ),
    "regret": gettext_lazy(
        "The actions that in no future fall far behind what would have been best there, had one known."
    ),
}
# What an action that is in is worth to the aim, and what one that is out would cost it.
_WITHOUT: Mapping[str, Promise] = {
    "mean": gettext_lazy("In: without it the plan would bring {amount} less."),
    "cvar": gettext_lazy("In: without it the plan would bring {amount} less in the worst futures."),
    "regret": gettext_lazy("In: without it there would be {amount} more to be sorry about."),
}
_TAKEN: Mapping[str, Promise] = {
    "mean": gettext_lazy("Taking it would cost {amount} of dividend."),
    "cvar": gettext_lazy("Taking it would cost {amount} of dividend in the worst futures."),
    "regret": gettext_lazy("Taking it would leave {amount} more to be sorry about."),
}


def aim_meaning(aim: str, worst_share: float) -> str:
    """What a plan with this aim is."""
    return str(_AIM_MEANINGS.get(aim, "")).format(share=numbers.percent(worst_share))


class Words:
    """Names and figures of one study as its pages write them."""

    def __init__(self, reading: ForesightReading, plans: Plans, study: Study) -> None:
        self.reading, self.plans, self._study = reading, plans, study
        amounts = [row[name] for row in plans.rows.values() for name in ("cost", "net_mean")]
        self.cash = money_for(reading.currency, amounts)

    def money(self, amount: float | None) -> str:
        """In a sentence: 12.3 million CAD."""
        return self.cash.said(amount)

    def range(self, middle: float | None, low: float | None, high: float | None) -> str:
        """In a sentence, with its interval."""
        return self.cash.told({"mean": middle, "p10": low, "p90": high})

    def cell(self, middle: float | None, low: float | None = None, high: float | None = None) -> str:
        """In a table, in the unit its head names."""
        scaled = [self.cash.whole(amount) for amount in (middle, low, high)]
        return numbers.interval(*scaled) if scaled[1] is not None else numbers.number(scaled[0])

    def middle(self, row: Row) -> str:
        """The mean dividend of a plan in a table's unit, rounded as beside its interval."""
        return numbers.apart(*(self.cash.whole(row[name]) for name in ("net_mean", "net_p10", "net_p90")))[0]

    def action(self, action: str) -> SafeString:
        """An action's name, leading to its page."""
        if action not in self.reading.actions:
            return bdi(action)
        address = reverse("foresight-action", args=[self._study.pk, action])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, self.reading.title(action))

    def funder(self, funder: str) -> SafeString:
        """Who pays."""
        return bdi(self.reading.funders.get(funder, funder))

    def start(self, year: int) -> str:
        """At once, or from which month."""
        if year <= 0:
            return _("at once")
        month = numbers.month(self.plans.first_month(year))
        return _("year %(year)s (%(month)s)") % {"year": year + 1, "month": month}

    def size(self, size: float) -> str:
        """As written in the catalogue, or so many times."""
        if abs(size - 1.0) < 1e-9:
            return _("as described")
        return _("%(times)s times") % {"times": numbers.number(size)}

    def plan(self, plan: str) -> str:
        """What a plan is called."""
        row = self.plans.rows.get(plan)
        if plan == self.reading.found.main_plan:
            return _("The plan asked for")
        if plan == "without" or row is None or not row["aim"]:
            known = {
                "without": _("Do nothing"),
                "required": _("Only what is required"),
                "all": _("Everything"),
            }
            return known.get(plan) or names.uncertainty(plan, self.reading.found.labels)
        share = {
            "share": numbers.percent(row["budget_share"]),
            "aim": str(AIM_NAMES.get(row["aim"], row["aim"])),
        }
        return _("%(aim)s, with %(share)s of the budget") % share

    def changes(self, step: Step) -> list[SafeString]:
        """What enters, leaves and changes from one plan to another, a sentence each."""
        told = []
        if step.added:
            told.append(say(_("Comes in: {actions}."), actions=self._named(step.added)))
        if step.dropped:
            told.append(say(_("Goes out: {actions}."), actions=self._named(step.dropped)))
        told += [self._altered(before, after) for before, after in step.altered]
        return told

    def _named(self, rows: Iterable[Row]) -> SafeString:
        return listed(self.action(row["action"]) for row in rows)

    def _altered(self, before: Row, after: Row) -> SafeString:
        said = []
        if before["size"] != after["size"]:
            sizes = {"before": self.size(before["size"]), "after": self.size(after["size"])}
            said.append(say(_("size: {after}, not {before}"), **sizes))
        if before["start_year"] != after["start_year"]:
            starts = {"before": self.start(before["start_year"]), "after": self.start(after["start_year"])}
            said.append(say(_("starts {after}, not {before}"), **starts))
        return say(_("Changes: {action} ({how})."), action=self.action(after["action"]), how=listed(said))


def drawn(template: str, context: Mapping[str, Any]) -> SafeString:
    """A piece of a page of plans."""
    return SafeString(render_to_string(f"studies/foresight/{template}.html", dict(context)))


def reason(row: Row, words: Words) -> SafeString:
    """Why an action is in the plan or out of it, in a sentence or two."""
    change = None if row["change"] is None else abs(row["change"])
    binding = [_limit(one, words) for one in parts(row["binding"])]
    displaced = listed(words.action(one) for one in parts(row["displaced"]))
    if row["is_in"]:
        return _why_in(change, displaced, words)
    return _why_out(change, binding, displaced, words)


def _why_in(change: float | None, gone: SafeString, words: Words) -> SafeString:
    if change is None:
        return say(_("In: without it no plan keeps all limits."))
    if change == 0:
        told = [say(_("In: it makes no difference to what the plan aims at."))]
    else:
        told = [say(str(_WITHOUT[words.plans.main_aim]), amount=words.money(change))]
    if gone:
        told.append(say(_("Without it these would go as well: {actions}."), actions=gone))
    return joined(told)


def _why_out(
    change: float | None, binding: list[SafeString], displaced: SafeString, words: Words
) -> SafeString:
    if binding:
        told = [say(_("Left out: {limits}."), limits=listed(binding))]
    elif change is None:
        told = [say(_("Left out: no plan with it keeps all limits."))]
    elif displaced:
        told = [say(_("Left out: what would have to give way brings more."))]
    else:
        told = [say(_("Left out: it brings less than it costs."))]
    if change is not None:
        told.append(say(str(_TAKEN[words.plans.main_aim]), amount=words.money(change)))
    if displaced:
        told.append(say(_("It would push out {actions}."), actions=displaced))
    return joined(told)


def _limit(binding: str, words: Words) -> SafeString:
    """One limit that stands against an action, as the engine names it, in words."""
    kind, _space, rest = binding.partition(" ")
    if kind == "budget":
        funder, _space, year = rest.rpartition(" ")
        if funder and year.isdigit():
            return say(
                _("the budget of {funder} for year {year} is used up"), funder=words.funder(funder), year=year
            )
        return say(_("the budget of {funder} is used up"), funder=words.funder(rest))
    if kind == "needs":
        return say(_("it needs {action}, which is not in the plan"), action=words.action(rest))
    if kind in ("excludes", "excluded"):
        others = [one.strip() for one in rest.removeprefix("by ").split(",")]
        return say(
            _("it cannot be taken beside {actions}"), actions=listed(words.action(one) for one in others)
        )
    if kind == "floor":
        return say(_("{group} would fall below the least asked for them"), group=names.constituency(rest))
    if kind == "required":
        return say(_("you asked for it"))
    if kind == "banned":
        return say(_("you asked for a plan without it"))
    return bdi(binding)


def in_ten(share: float | None) -> str:
    """A share of futures in whole numbers: in 8 of 10 futures."""
    if share is None:
        return numbers.NOT_KNOWN
    if share <= 0:
        return _("in no future tried")
    if share >= 1:
        return _("in every future tried")
    tenths = round(share * _TEN)
    if 0 < tenths < _TEN and abs(share * _TEN - tenths) <= _NEARLY * _TEN:
        return _("in %(count)s of 10 futures") % {"count": tenths}
    count = round(share * _HUNDRED)
    if count == 0:
        return _("in fewer than 1 of 100 futures")
    return _("in %(count)s of 100 futures") % {"count": min(count, _HUNDRED - 1)}


def of_ten(share: float | None) -> str:
    """A share in whole numbers: 7 of 10."""
    if share is None:
        return numbers.NOT_KNOWN
    if share <= 0:
        return _("none")
    if share >= 1:
        return _("all")
    tenths = round(share * _TEN)
    if 0 < tenths < _TEN:
        return _("%(count)s of 10") % {"count": tenths}
    return _("%(count)s of 100") % {"count": min(max(round(share * _HUNDRED), 1), _HUNDRED - 1)}


def months(count: float | None) -> str:
    """So many months."""
    if count is None or count != count:
        return numbers.NOT_KNOWN
    whole = round(count)
    return ngettext("%(count)s month", "%(count)s months", whole) % {"count": numbers.whole(whole)}


def solved(row: Row) -> str:
    """How sure it is that no better choice was overlooked."""
    gap = row["gap"]
    if gap is None or gap <= _EXACT_GAP:
        return _(
            "No other choice of these actions within these budgets brings more, counted by what each brings "
            "alone."
        )
    return _(
        "Another choice within these budgets could bring at most %(share)s more, counted by what each action "
        "brings alone."
    ) % {"share": numbers.percent(gap)}
