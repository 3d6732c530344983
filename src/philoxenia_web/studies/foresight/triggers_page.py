"""Which signs warn early enough? A card each: what to watch, its threshold, what to start, how it warned."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from philoxenia.reference import default_parameters
from philoxenia_web.studies.foresight import drawings, names, plan_words
from philoxenia_web.studies.foresight.plan_words import Words, drawn
from philoxenia_web.studies.foresight.plans import Plans, Row
from philoxenia_web.studies.foresight.reading import WITHOUT, ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.sentences import joined, say
from philoxenia_web.ui import numbers

RECORDED = "recorded"
_LEAST_SKILL = "valuation.least_skill"
# From this share of the threshold on a sign is called near.
_NEAR = 0.9
_STATES: dict[str, tuple[Promise, str]] = {
    "passed": (gettext_lazy("passed"), "problem"),
    "near": (gettext_lazy("near"), "attention"),
    "quiet": (gettext_lazy("quiet"), "success"),
    "unknown": (gettext_lazy("no records yet"), "waiting"),
}
_ORDER = tuple(_STATES)


@dataclass(frozen=True)
class Sign:
    """One signpost with what the city has recorded of it: months and values, the latest last."""

    row: Row
    records: tuple[tuple[str, float], ...]

    @property
    def falls(self) -> bool:
        """Whether it warns by falling: the engine then watches the negated indicator."""
        return bool(self.row["threshold"] < 0)

    @property
    def threshold(self) -> float:
        """The value that must be reached."""
        return abs(float(self.row["threshold"]))

    @property
    def skill(self) -> float:
        """By how much more it warns of failures than of nothing: share caught less share of false alarms."""
        return float(self.row["caught"] or 0.0) - float(self.row["false_alarms"] or 0.0)

    @property
    def present(self) -> float | None:
        """The mean of the latest records over the window."""
        last = [value for _month, value in self.records[-max(int(self.row["window"]), 1) :]]
        return sum(last) / len(last) if last else None

    @property
    def state(self) -> str:
        """Passed, near, quiet, or unknown."""
        now = self.present
        if now is None:
            return "unknown"
        reached = (
            self.threshold / now
            if self.falls and now > 0
            else now / self.threshold
            if self.threshold
            else 1.0
        )
        return "passed" if reached >= 1 else "near" if reached >= _NEAR else "quiet"


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page:
    """The trigger board."""
    title = say(_("Which signs warn early enough?"))
    words = Words(reading, Plans(reading.found), study)
    least = default_parameters()[_LEAST_SKILL]
    tried = sorted(signs_of(reading), key=lambda sign: (_ORDER.index(sign.state), -sign.skill))
    signs = [sign for sign in tried if sign.skill >= least]
    context = {
        "nothing": not tried,
        "left_open": not signs,
        "left_out": [_left_out(sign, words) for sign in tried if sign.skill < least],
        "begin": reverse("foresight-robustness", args=[study.pk]),
        "cards": [_card(sign, words) for sign in signs],
    }
    sources = {
        "futures": reading.found.futures,
        "near": numbers.percent(_NEAR),
        "least": numbers.percent(least),
    }
    return Page(title, _lead(signs, tried), drawn("triggers", context), drawn("triggers_sources", sources))


def signs_of(reading: ForesightReading) -> list[Sign]:
    """The signposts of the plan asked for."""
    rows = [
        row
        for row in reading.found["triggers"].iter_rows(named=True)
        if row["plan"] == reading.found.main_plan
    ]
    return [Sign(row, _records(reading, row["indicator"])) for row in rows if row["threshold"] is not None]


def _records(reading: ForesightReading, indicator: str) -> tuple[tuple[str, float], ...]:
    rows = reading.months.get((RECORDED, indicator), [])
    return tuple((row["month"], abs(row["mean"])) for row in rows if row["mean"] is not None)


def _lead(signs: list[Sign], tried: list[Sign]) -> SafeString:
    """How many signs there are and which have been passed."""
    if not signs:
        if tried:
            return say(_("None of the signs tried warns early enough without warning of nothing as well."))
        return say(_("No sign was found that warns early enough."))
    count = ngettext("One sign to watch.", "%(count)s signs to watch.", len(signs)) % {"count": len(signs)}
    passed = sum(sign.state == "passed" for sign in signs)
    near = sum(sign.state == "near" for sign in signs)
    if all(sign.state == "unknown" for sign in signs):
        return joined(
            [say(count), say(_("The study holds no records of them: compare the thresholds with your own."))]
        )
    told = [say(count)]
    if passed:
        told.append(
            say(
                ngettext(
                    "By the latest records, one has passed its threshold: act now.",
                    "By the latest records, %(count)s have passed their thresholds: act now.",
                    passed,
                )
                % {"count": passed}
            )
        )
    if near:
        told.append(say(ngettext("One is near.", "%(count)s are near.", near) % {"count": near}))
    if not passed and not near:
        told.append(say(_("By the latest records, all is quiet.")))
    return joined(told)


def _card(sign: Sign, words: Words) -> dict[str, Any]:
    row, found = sign.row, words.reading.found
    word, kind = _STATES[sign.state]
    last = sign.records[-1][0] if sign.records else ""
    return {
        "indicator": names.measure(row["indicator"], found.labels),
        "unit": unit_of(row),
        "state": (str(word), kind),
        "kind": sign.state,
        "rule": _rule(sign, words),
        "present": numbers.number(sign.present) if sign.present is not None else "",
        "present_when": _present_when(sign, last),
        "threshold": numbers.number(sign.threshold),
        "spark": drawings.spark_with_limit([value for _m, value in sign.records], sign.threshold, sign.state),
        "spark_words": _spark_words(sign),
        "expected": _expected(sign, words),
        "warned": _warned(row),
        "stack": drawings.stacked([row["caught"] or 0.0, row["late"] or 0.0]),
        "lead": plan_words.months(row["lead"]),
        "window": plan_words.months(row["window"]),
        "latest": _latest(row, words),
        "action": words.action(row["action"]) if row["action"] else "",
        "caught": plan_words.of_ten(row["caught"]),
        "late": plan_words.of_ten(row["late"]),
        "missed": plan_words.of_ten(_missed(row)),
        "false_alarms": plan_words.of_ten(row["false_alarms"]),
    }


def _left_out(sign: Sign, words: Words) -> dict[str, str]:
    """A sign that warns of nothing too often to be watched."""
    return {
        "indicator": names.measure(sign.row["indicator"], words.reading.found.labels),
        "threshold": numbers.number(sign.threshold),
        "unit": unit_of(sign.row),
        "caught": plan_words.of_ten(sign.row["caught"]),
        "false_alarms": plan_words.of_ten(sign.row["false_alarms"]),
        "skill": numbers.percent(max(sign.skill, 0.0)),
    }


def _rule(sign: Sign, words: Words) -> SafeString:
    """If the average over 3 months reaches X, start Y."""
    row = sign.row
    said = {
        "window": plan_words.months(row["window"]),
        "threshold": numbers.number(sign.threshold),
        "unit": unit_of(row),
        "action": words.action(row["action"]) if row["action"] else "",
    }
    if row["window"] > 1:
        falls, reaches = (
            _("If the average over {window} falls to {threshold} {unit},"),
            _("If the average over {window} reaches {threshold} {unit},"),
        )
    else:
        falls, reaches = (
            _("If it falls to {threshold} {unit},"),
            _("If it reaches {threshold} {unit},"),
        )
    then = (
        _("start {action}.")
        if row["action"]
        else _("think the plan over: no action of the catalogue lowers what fails.")
    )
    return joined([say(falls if sign.falls else reaches, **said), say(then, **said)])


def unit_of(row: Row) -> str:
    """What a monthly figure counts: people who come in a month, or people there in it."""
    if row["unit"] == "person-months":
        return _("people")
    if row["unit"] in ("persons", "people"):
        return _("people a month")
    return names.unit(row["unit"])


def _latest(row: Row, words: Words) -> str:
    months = words.reading.found.months
    place = row["latest_start"]
    if place is None or place < 0 or not months:
        return numbers.NOT_KNOWN
    return numbers.month(months[min(int(place), len(months) - 1)])


def _present_when(sign: Sign, last: str) -> str:
    if not last:
        return ""
    said = {"window": plan_words.months(sign.row["window"]), "month": numbers.month(last)}
    return _("average over %(window)s to %(month)s") % said


def _spark_words(sign: Sign) -> str:
    if len(sign.records) < 2:
        return ""
    (first, start), (last, end) = sign.records[0], sign.records[-1]
    said = {
        "first": numbers.month(first),
        "start": numbers.number(start),
        "last": numbers.month(last),
        "end": numbers.number(end),
    }
    return _("%(first)s: %(start)s; %(last)s: %(end)s. The dashed line is the threshold.") % said


def _expected(sign: Sign, words: Words) -> SafeString:
    """When the middle future passes the threshold, with the plan and without."""
    plan, without = (_passes(sign, words, one) for one in (words.reading.found.main_plan, WITHOUT))
    if without is None and plan is None:
        return SafeString("")
    never = _("not in the time looked at")
    if not plan and not without:
        return say(_("In the middle future it is not reached in the time looked at."))
    if plan is None or without is None:
        return say(_("In the middle future it is reached: {one}."), one=plan or without or never)
    said = {"plan": plan or never, "without": without or never}
    return say(_("In the middle future it is reached: with the plan {plan}, without it {without}."), **said)


def _passes(sign: Sign, words: Words, plan: str) -> str | None:
    """The first month in which the middle future reaches the threshold; empty if never, None if not known."""
    rows = words.reading.months.get((plan, sign.row["indicator"]))
    if not rows:
        return None
    window = max(int(sign.row["window"]), 1)
    values = [abs(row["p50"]) for row in rows]
    for place in range(len(rows)):
        last = values[max(place - window + 1, 0) : place + 1]
        mean = sum(last) / len(last)
        if (mean <= sign.threshold) if sign.falls else (mean >= sign.threshold):
            return numbers.month(rows[place]["month"])
    return ""


def _missed(row: Row) -> float:
    return max(1.0 - (row["caught"] or 0.0) - (row["late"] or 0.0), 0.0)


def _warned(row: Row) -> list[SafeString]:
    """How well the sign did in the futures tried."""
    told = [
        say(_("In time: {share} futures in which the plan fails."), share=_of(row["caught"])),
        say(
            _("Too late: {share}; not at all: {missed}."),
            share=plan_words.of_ten(row["late"]),
            missed=plan_words.of_ten(_missed(row)),
        ),
        say(
            _("False alarms: {share} futures in which the plan never fails."), share=_of(row["false_alarms"])
        ),
    ]
    if row["warning_months"] is not None and row["warning_months"] == row["warning_months"]:
        told.append(
            say(
                _("Where it warns in time, {months} are left (half of them more, half less)."),
                months=plan_words.months(row["warning_months"]),
            )
        )
    return told


def _of(share: float | None) -> str:
    """A share before a noun: 8 of 10."""
    return plan_words.of_ten(share)
