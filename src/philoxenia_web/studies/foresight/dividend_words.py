"""The answers: which actions pay back, how surely, for whom, and who loses."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.asked import Asked
from philoxenia_web.studies.foresight.money import Money, turned
from philoxenia_web.studies.foresight.reading import GROSS, NET, ForesightReading, Row
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import overview_page
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers

_SURELY, _OFTEN, _HALF = 0.1, 0.1, 0.5
_MOST_NAMED = 4


@dataclass(frozen=True)
class Key(overview_page.Key):
    """A figure to take away, and whether it is a loss."""

    is_loss: bool = False


def answer(reading: ForesightReading, study: Study) -> list[SafeString]:
    """The ranking in a few sentences."""
    rows = _nets(reading)
    if not rows:
        return [say(_("What the actions bring was not computed."))]
    paying = [one for one, row in rows.items() if row["mean"] > 0]
    best = next(iter(rows))
    words = _("{action} brings most: {amount} more than it costs over {years}, {odds}.")
    row = rows[best]
    if not paying:
        words = _("{action} comes nearest: it costs {amount} more than it brings over {years}, {odds}.")
        row = turned(row)
    told = say(
        words,
        action=linked(reading, study, best),
        amount=_money(reading).told(row),
        years=years_said(reading.years),
        odds=pays_back_in(row["share_losing"]),
    )
    return [_count(rows, paying), told, _who(reading, paying), _who_loses(reading, study)]


def _count(rows: dict[str, Row], paying: list[str]) -> SafeString:
    if not paying:
        return say(_("None of the {all} actions brings more than it costs on average."), all=len(rows))
    surely = [one for one in paying if rows[one]["share_losing"] <= _SURELY]
    words = ngettext(
        "{count} of {all} action brings more than it costs on average",
        "{count} of {all} actions bring more than they cost on average",
        len(rows),
    )
    ending = _("{first}, none of them in nine of ten futures or more.")
    if surely:
        ending = _("{first}, {surely} of them in nine of ten futures or more.")
    return say(ending, first=say(words, count=len(paying), all=len(rows)), surely=len(surely))


def _who(reading: ForesightReading, paying: list[str]) -> SafeString:
    """Newcomers beside long-term residents, over the actions that pay."""
    both = [reading.gains(one) for one in paying]
    helped = [
        one
        for one in both
        if all(one.get(who, {}).get("mean", 0) > 0 for who in ("newcomers", "long_term_residents"))
    ]
    if not both:
        return SafeString("")
    if len(helped) == len(both):
        return say(_("Each of these brings something to newcomers and to long-term residents."))
    return say(
        _("{count} of these bring something to newcomers and to long-term residents alike."),
        count=len(helped),
    )


def _who_loses(reading: ForesightReading, study: Study) -> SafeString:
    worst = losers(reading, study)
    if not worst:
        return say(_("No group loses by any of them in more than one of ten futures."))
    first = worst[0]
    return say(
        _("{group} lose most often: by {action}, {odds}."),
        group=first.group, action=first.action, odds=first.odds,
    )  # fmt: skip


@dataclass(frozen=True)
class Loser:
    """A group that loses by an action in more than one of ten futures."""

    group: str
    action: SafeString
    odds: str
    amount: str
    share: float


def losers(reading: ForesightReading, study: Study) -> list[Loser]:
    """Who loses, by which action, how often and how much, the most frequent first."""
    money = _money(reading)
    found = [
        Loser(
            names.constituency(who),
            linked(reading, study, one),
            in_futures(row["share_losing"]),
            money.said(row["mean_when_losing"]),
            row["share_losing"],
        )
        for one in reading.actions
        for who, row in reading.gains(one).items()
        if row["share_losing"] > _OFTEN
    ]
    return sorted(found, key=lambda one: -one.share)


def keys(reading: ForesightReading, study: Study) -> list[Key]:
    """The figures to take away: the most, the surest, and the most for each unit spent."""
    rows = _nets(reading)
    if not rows:
        return []
    best = next(iter(rows))
    surest = min(rows, key=lambda one: (rows[one]["share_losing"], -rows[one]["mean"]))
    figure, between = numbers.apart(*(rows[best][name] for name in ("mean", "p10", "p90")))
    found = [
        Key(
            figure,
            between,
            _("%(currency)s more than it costs, the most of all: %(action)s")
            % {"currency": reading.currency, "action": reading.title(best)},
            _address(study, best),
            rows[best]["mean"] < 0,
        ),
        Key(
            numbers.percent(1 - rows[surest]["share_losing"]),
            "",
            _("of futures in which it pays back, the surest of all: %(action)s")
            % {"action": reading.title(surest)},
            _address(study, surest),
            rows[surest]["share_losing"] > _HALF,
        ),
    ]
    return [*found, *_ratio_key(reading, study)]


def _ratio_key(reading: ForesightReading, study: Study) -> list[Key]:
    ratios = {one: ratio for one in reading.actions if (ratio := ratio_of(reading, one)) is not None}
    if not ratios:
        return []
    most = max(ratios, key=lambda one: ratios[one])
    words = _("%(currency)s for each 1 spent, the most of all: %(action)s")
    told = words % {"currency": reading.currency, "action": reading.title(most)}
    return [Key(numbers.number(ratios[most]), "", told, _address(study, most), ratios[most] < 1)]


def ratio_of(reading: ForesightReading, action: str) -> float | None:
    """What an action brings for each unit it costs, on average; nothing where it costs nothing."""
    gross, cost = reading.of(action, GROSS), reading.cost(action)
    return gross["mean"] / cost if gross and cost and cost > 0 else None


def finding(reading: ForesightReading, asked: Asked) -> str:
    """What the picture of all actions shows."""
    rows = [row for one in asked.actions if (row := asked.row_of(one))]
    above = sum(1 for row in rows if row["p10"] > 0)
    if asked.who:
        words = _(
            "%(count)s of %(all)s actions bring something to them in at least nine of ten futures: %(who)s"
        )
        return words % {"count": above, "all": len(rows), "who": names.constituency(asked.who)}
    if not above:
        return _("No action brings more than it costs in nine of ten futures")
    words = _("%(count)s of %(all)s actions bring more than they cost in at least nine of ten futures")
    return words % {"count": above, "all": len(rows)}


def pays_back_in(share_losing: float) -> str:
    """In how many futures an action pays back."""
    count = round(100 * (1 - share_losing))
    if share_losing <= 0:
        return _("and it pays back in every future tried")
    if share_losing >= 1:
        return _("and it pays back in none of the futures tried")
    return _("and it pays back in %(count)s of 100 futures") % {"count": count}


def in_futures(share: float) -> str:
    """In how many futures something happens."""
    if share <= 0:
        return _("in none of the futures tried")
    if share >= 1:
        return _("in every future tried")
    count = round(100 * share)
    return (
        _("in %(count)s of 100 futures") % {"count": count} if count else _("in fewer than 1 of 100 futures")
    )


def years_said(years: float) -> str:
    """Five years."""
    whole = numbers.number(years)
    return ngettext("%(years)s year", "%(years)s years", round(years) or 1) % {"years": whole}


def linked(reading: ForesightReading, study: Study, action: str) -> SafeString:
    """An action's name, leading to its page."""
    return format_html('<a href="{}"><bdi>{}</bdi></a>', _address(study, action), reading.title(action))


def _address(study: Study, action: str) -> str:
    return reverse("foresight-action", args=[study.pk, action])


def _nets(reading: ForesightReading) -> dict[str, Row]:
    return {one: row for one in reading.actions if (row := reading.of(one, NET))}


def _money(reading: ForesightReading) -> Money:
    return Money(reading.currency)
