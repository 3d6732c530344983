"""How was it done, and who says what a gain is worth? Method, values, weights, limits, files."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.action_numbers import all_values, said_by
from philoxenia_web.studies.foresight.figures import drawn
from philoxenia_web.studies.foresight.money import Money
from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.queries import result_folder
from philoxenia_web.studies.report.downloads import tables_in
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.names import told
from philoxenia_web.studies.report.sentences import bdi, say
from philoxenia_web.ui import numbers

_STEPS = (
    (
        gettext_lazy("Futures."),
        gettext_lazy(
            "People arrive, live in homes or wait for a shelter place, ask services for what they need, find "
            "homes, move and leave, month by month and district by district. What nobody knows is drawn anew "
            "for each future: how many come, how rents grow, which shocks strike and when."
        ),
    ),
    (
        gettext_lazy("With and without."),
        gettext_lazy(
            "Each action is tried in the same futures as doing nothing more. What differs is due to the "
            "action alone, and not to luck."
        ),
    ),
    (
        gettext_lazy("Worth."),
        gettext_lazy(
            "What happens to people is multiplied by what a unit of it is worth to them, for better or "
            "worse. Gains and costs of later years count less: they are discounted."
        ),
    ),
    (
        gettext_lazy("Dividend."),
        gettext_lazy(
            "The worth with the action, less the worth without it, less what it costs. It is kept for every "
            "future and every group, so that averages do not hide who loses and when. It may be negative."
        ),
    ),
    (
        gettext_lazy("Plan."),
        gettext_lazy(
            "From all actions, sizes and starts those are chosen that bring most within yearly budgets, "
            "without making any protected group worse off. Then the futures are sought in which the plan "
            "fails, and signs that warn early enough."
        ),
    ),
)
_LIMITS = (
    gettext_lazy(
        "What a unit of an outcome is worth is a judgement. Each value bears its source or the word "
        "assumption."
    ),
    gettext_lazy("The gains of actions are added up in a plan: what two bring only together is not counted."),
    gettext_lazy(
        "Groups are told apart by age, sex and time since arrival in the city, never by immigration status."
    ),
    gettext_lazy("Futures are those the model can think of. A shock it does not know has no place in them."),
)
_LITERATURE = (
    "Bond, C. and others (2017): Resilience Dividend Valuation Model. RAND, RR-2129-RF.",
    "Tanner, T. and others (2015): The triple dividend of resilience. ODI and World Bank.",
    "HM Treasury (2022): The Green Book, A3 (distribution) and A6 (discounting).",
    "Rockafellar, R. and Uryasev, S. (2000): Optimization of conditional value-at-risk. Journal of Risk 2.",
    "Bryant, B. and Lempert, R. (2010): Thinking inside the box. Technological Forecasting and Social "
    "Change 77.",
    "Haasnoot, M. and others (2013): Dynamic adaptive policy pathways. Global Environmental Change 23.",
)


def page(reading: ForesightReading, study: Study, _request: HttpRequest) -> Page:
    """Method, values of units, weights, notes, limits."""
    values = all_values(reading)
    context: dict[str, Any] = {
        "study": study,
        "facts": _facts(reading, study),
        "steps": _STEPS,
        "values": values,
        "weights": _weights(reading),
        "knowing": _knowing(reading),
        "evpi": Money(reading.currency).said(reading.found.evpi),
        "notes": [told(one) for one in reading.found.notes],
        "limits": _LIMITS,
        "literature": _LITERATURE,
        "download": reverse("study-download", args=[study.pk]),
        "tables": tables_in(result_folder(study)),
    }
    lead = _lead(reading, values)
    return Page(say(_("How was it done, and who says what a gain is worth?")), lead, drawn("method", context))


def _lead(reading: ForesightReading, values: list[dict[str, Any]]) -> SafeString:
    assumed = sum(1 for one in values if one["assumed"])
    return say(
        _(
            "{assumed} of the {all} values of a unit are assumptions, the others have a source. Gains and "
            "costs of later years are discounted at {rate} a year. The same city, settings, seed and version "
            "give the same result."
        ),
        assumed=assumed,
        all=len(values),
        rate=numbers.percent(reading.found.rate),
    )


def _facts(reading: ForesightReading, study: Study) -> list[tuple[str, Any]]:
    found = reading.found
    return [
        (_("City"), bdi(found.city.name)),
        (_("Newcomers are"), bdi(found.city.newcomers_are) if found.city.newcomers_are else _("not said")),
        (_("Futures"), numbers.whole(found.futures)),
        (_("Months"), numbers.whole(len(found.months))),
        (_("Where there is too little for all"), names.rule(found.rule)),
        (_("Discount rate"), _("%(rate)s a year") % {"rate": numbers.percent(found.rate)}),
        (
            _("Worst futures"),
            _("the worst %(share)s, wherever the mean of the worst futures is told")
            % {"share": numbers.percent(found.worst_share)},
        ),
        (_("Seed"), str(found.seed)),
        (_("Version"), say("Philoxenia {version}", version=found.version)),
        (_("Result"), bdi(study.result_hash[:16])),
        (_("Finished"), numbers.when(study.finished_at)),
    ]


def _weights(reading: ForesightReading) -> list[dict[str, Any]]:
    return [
        {
            "what": names.cell(row["cell"]),
            "income": row["income"],
            "weight": row["weight"],
            **said_by(row["source"], row["date"]),
        }
        for row in reading.found["weights"].iter_rows(named=True)
    ]


def _knowing(reading: ForesightReading) -> list[dict[str, Any]]:
    """What it would be worth to know a number before choosing a plan, the most first."""
    titles = {one: reading.title(one) for one in reading.actions}
    rows = [row for row in reading.found["knowing"].iter_rows(named=True) if (row["evppi"] or 0.0) > 0]
    money = Money(reading.currency)
    return [
        {
            "title": names.uncertainty(row["name"], reading.found.labels, titles),
            "worth": money.said(row["evppi"]),
            "share": row["share_of_evpi"],
        }
        for row in sorted(rows, key=lambda row: -row["evppi"])[:10]
    ]
