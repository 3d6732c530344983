"""What each number of an action is called in the editor, and what it means, in the reader's language.

Kinds, units, bounds and which cells must be filled are those of the contracts in `philoxenia.exchange`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from philoxenia.exchange import load_contract
from philoxenia.exchange.contract import Column

TABLES = {"row": "actions", "effects": "action_effects", "benefits": "action_benefits"}


@dataclass(frozen=True)
class FieldWords:
    """A column's label, what it means, and how it is entered where its type does not say."""

    label: Promise
    help: Promise | str = ""
    shape: str = ""


_SOURCE = FieldWords(
    _("Source"),
    _("Where these numbers are from. Begin with the word assumption where nobody counted them."),
    "area",
)
_YEAR = FieldWords(_("Year of the numbers"))
_GROUPS_HELP = _("Empty: everybody, in proportion.")

# In the order of the page; a heading before each part.
ROW: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("What it is"), ("title", "summary", "blueprint", "crf_goals")),
    (
        _("What it costs"),
        ("funder", "cost_once", "cost_per_month", "cost_low", "cost_high", "cost_source", "cost_date"),
    ),
    (_("How long it takes"), ("lead_months", "ramp_months", "duration_months", "life_months")),
    (_("How it can be chosen"), ("sizes", "needs", "excludes", "note")),
)
EFFECT = (
    "kind", "target", "size", "relative", "low", "high", "cost_per_exit", "cost_per_exit_month",
    "districts", "groups", "bands", "source", "date",
)  # fmt: skip
BENEFIT = (
    "benefit", "unit", "amount_per_month", "value", "value_low", "value_high", "pillar", "groups",
    "source", "date",
)  # fmt: skip

WORDS: Mapping[str, Mapping[str, FieldWords]] = {
    "row": {
        "title": FieldWords(_("Name")),
        "summary": FieldWords(_("What is done"), _("In a sentence or two."), "area"),
        "blueprint": FieldWords(_("Practices it stands for"), _("Ids such as P1;P12.")),
        "crf_goals": FieldWords(_("Goals of the City Resilience Framework"), "", "goals"),
        "funder": FieldWords(_("Who pays"), "", "funder"),
        "cost_once": FieldWords(_("Cost at the start"), _("At size 1, today's prices.")),
        "cost_per_month": FieldWords(_("Cost a month"), _("While it works, at size 1 and full strength.")),
        "cost_low": FieldWords(_("Least it may cost"), _("As a factor: 0.9 is a tenth less.")),
        "cost_high": FieldWords(_("Most it may cost"), _("As a factor: 1.3 is three tenths more.")),
        "cost_source": FieldWords(
            _("Source of the costs"),
            _("Where they are from. Begin with the word assumption where nobody counted them."),
            "area",
        ),
        "cost_date": _YEAR,
        "lead_months": FieldWords(_("From the decision to the first effect")),
        "ramp_months": FieldWords(_("From the first effect to full strength")),
        "duration_months": FieldWords(_("How long it works"), _("Empty: to the end.")),
        "life_months": FieldWords(
            _("How long what it buys lasts"),
            _("What still stands at the end of the years looked at is credited. Empty: nothing remains."),
        ),
        "sizes": FieldWords(_("Sizes to choose from"), _("Multiples such as 0.5;1;2; 1 must be among them.")),
        "needs": FieldWords(_("Needs these to have started"), "", "actions"),
        "excludes": FieldWords(_("Cannot be taken beside these"), "", "actions"),
        "note": FieldWords(_("What the numbers do not say"), "", "area"),
    },
    "effects": {
        "kind": FieldWords(_("What it changes"), "", "kind"),
        "target": FieldWords(
            _("Of what"),
            _("A service, shelter places or homes; nothing for rates of the whole city."),
            "target",
        ),
        "size": FieldWords(
            _("By how much"),
            _("Places or units for capacity; a share for rates (0.2 is a fifth more); kilometres for reach."),
        ),
        "relative": FieldWords(_("The size is a share of what there is")),
        "low": FieldWords(_("Least it may work"), _("As a factor of the size: 0.6 is six tenths of it.")),
        "high": FieldWords(_("Most it may work"), _("As a factor of the size.")),
        "cost_per_exit": FieldWords(_("Cost of each move to a home it brings about, once")),
        "cost_per_exit_month": FieldWords(_("The same in every month after")),
        "districts": FieldWords(
            _("In which districts"), _("Ids with semicolons; empty: everywhere, by need.")
        ),
        "groups": FieldWords(_("For whom"), _GROUPS_HELP, "groups"),
        "bands": FieldWords(_("Months since arrival"), _("Empty: all."), "bands"),
        "source": _SOURCE,
        "date": _YEAR,
    },
    "benefits": {
        "benefit": FieldWords(_("What comes of it")),
        "unit": FieldWords(_("What is counted")),
        "amount_per_month": FieldWords(_("How many a month"), _("At size 1 and full strength.")),
        "value": FieldWords(_("What one is worth"), _("To the people it happens to; below 0 for a loss.")),
        "value_low": FieldWords(_("At least"), _("Empty: the value itself.")),
        "value_high": FieldWords(_("At most"), _("Empty: the value itself.")),
        "pillar": FieldWords(_("What kind of gain"), "", "pillar"),
        "groups": FieldWords(_("To whom"), _GROUPS_HELP, "groups"),
        "source": _SOURCE,
        "date": _YEAR,
    },
}


def column(part: str, name: str) -> Column:
    """The column's rules."""
    return load_contract(TABLES[part]).column(name)


def is_number(part: str, name: str) -> bool:
    """Whether a number is typed."""
    return column(part, name).type in ("number", "integer")
