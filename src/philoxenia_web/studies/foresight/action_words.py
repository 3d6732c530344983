"""The answer about one action, and the figures to take away."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.dividend_words import Key, in_futures, ratio_of, years_said
from philoxenia_web.studies.foresight.money import Money, turned
from philoxenia_web.studies.foresight.reading import NET, ForesightReading, Row
from philoxenia_web.studies.report.names import listing
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers

_OFTEN, _HALF, _LITTLE = 0.1, 0.5, 0.002
_HOUSED = "exits_to_homes"


def answer(reading: ForesightReading, action: str) -> list[SafeString]:
    """What it brings, who gains most, who loses and how often."""
    net = reading.of(action, NET)
    if net is None:
        return [say(_("What this action brings was not computed."))]
    money = Money(reading.currency)
    words = _("It brings {amount} more than it costs over {years}, and loses {odds}.")
    if net["mean"] < 0:
        words = _("It costs {amount} more than it brings over {years}, and loses {odds}.")
    told = say(
        words,
        amount=money.told(turned(net) if net["mean"] < 0 else net),
        years=years_said(reading.years),
        odds=in_futures(net["share_losing"]),
    )
    return [told, _gains_most(reading, action, money), _loses(reading, action)]


def _gains_most(reading: ForesightReading, action: str, money: Money) -> SafeString:
    both = {one: row for one, row in reading.gains(action).items() if one in _PARTITION}
    gaining = sorted((one for one in both if both[one]["mean"] > 0), key=lambda one: -both[one]["mean"])
    if not gaining:
        return say(_("Neither newcomers nor long-term residents gain on average."))
    return say(
        _("{first} gain {amount} of what it brings."),
        first=names.constituency(gaining[0]),
        amount=money.told(both[gaining[0]]),
    )


def _loses(reading: ForesightReading, action: str) -> SafeString:
    rows = reading.gains(action)
    on_average = [names.constituency(one) for one, row in rows.items() if row["mean"] < 0]
    if on_average:
        return say(_("On average these lose: {groups}."), groups=listing(on_average))
    often = {one: row for one, row in rows.items() if row["share_losing"] > _OFTEN}
    if often:
        worst = max(often, key=lambda one: often[one]["share_losing"])
        return say(
            _("Nobody loses on average; {group} lose {odds}."),
            group=names.constituency(worst),
            odds=in_futures(often[worst]["share_losing"]),
        )
    return say(_("No group loses in more than one of ten futures."))


def keys(reading: ForesightReading, action: str) -> list[Key]:
    """Beyond its cost, for each unit spent, in how many futures, people housed."""
    net = reading.of(action, NET)
    if net is None:
        return []
    figure, between = numbers.apart(net["mean"], net["p10"], net["p90"])
    words = _("%(currency)s more than it costs, over %(years)s")
    told = words % {"currency": reading.currency, "years": years_said(reading.years)}
    found = [Key(figure, between, told, "#gains", net["mean"] < 0)]
    ratio = ratio_of(reading, action)
    if ratio is not None:
        said = _("%(currency)s for each 1 spent") % {"currency": reading.currency}
        found.append(Key(numbers.number(ratio), "", said, "#made-of", ratio < 1))
    pays = 1 - net["share_losing"]
    words = _("of futures in which it pays back")
    found.append(Key(numbers.percent(pays), "", words, "#futures", pays < _HALF))
    return [*found, *_housed(reading.rows("changes", action))]


def _housed(rows: list[Row]) -> list[Key]:
    own = [row for row in rows if row["measure"] == _HOUSED and row["constituency"] in _PARTITION]
    added, without = sum(row["mean"] for row in own), sum(row["without_mean"] for row in own)
    if abs(added) <= _LITTLE * without:
        return []
    words = _("more moves from shelter to a home than without it, on average")
    if added < 0:
        words = _("fewer moves from shelter to a home than without it, on average")
    return [Key(numbers.number(abs(added)), "", words, "#changes", added < 0)]


_PARTITION = ("newcomers", "long_term_residents")
