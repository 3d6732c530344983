"""Do newcomers live where pressure is? Their districts beside those of long-term residents."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.maps import Scale, quantile_scale
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.figures import address, drawn, pair, place_in, places
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.maps import Map, class_words
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.ui import numbers

_NUMBERED = 5
# All aspects on one scale; an indicator on its own spread between districts.
_ASPECT_RANGE = (30.0, 70.0)


def page(reading: Reading, study: Study, tabs: list[Any]) -> Page:
    """Both groups by the figures of the districts they live in."""
    rows = reading.exposure
    title = sentences.say(_("Do newcomers live where pressure is?"))
    aspects = [row for row in rows if row["kind"] == "aspect"]
    if not aspects:
        context = {"tabs": tabs, "nothing": True}
        lead = sentences.say(_("Newcomers and long-term residents cannot be compared yet."))
        return Page(title, lead, drawn("newcomers", context))
    context = {
        "tabs": tabs,
        "maps": _maps(reading, study),
        "told": [_told(row) for row in aspects],
        "aspects": [_line(row) for row in aspects],
        "indicators": [_line(row) for row in rows if row["kind"] != "aspect"],
        "newcomers_are": names.told(reading.findings.city.newcomers_are),
    }
    return Page(title, sentences.joined(sentences.who_lives_there(reading)), drawn("newcomers", context))


def _told(row: Row) -> SafeString:
    words = {
        "aspect": names.aspect(row["aspect"]),
        "newcomers": numbers.number(row["newcomers_mean"]),
        "others": numbers.number(row["long_term_mean"]),
    }
    if row["difference_low"] <= 0 <= row["difference_high"]:
        return sentences.say(
            _("{aspect}: no difference that stands out of the noise ({newcomers} of 100 beside {others})."),
            **words,
        )
    if row["difference"] > 0:
        return sentences.say(
            _("{aspect}: pressure is higher where newcomers live ({newcomers} of 100 beside {others})."),
            **words,
        )
    return sentences.say(
        _("{aspect}: pressure is lower where newcomers live ({newcomers} of 100 beside {others})."), **words
    )


def _line(row: Row) -> dict[str, Any]:
    is_aspect = row["kind"] == "aspect"
    newcomers, others = row["newcomers_mean"], row["long_term_mean"]
    bottom, top = _ASPECT_RANGE if is_aspect else _spread(row)
    return {
        "name": names.aspect(row["measure"]) if is_aspect else names.indicator(row["measure"]),
        "unit": "" if is_aspect else names.indicator_unit(row["measure"]),
        "strip": pair(newcomers, others, bottom, top),
        "newcomers": newcomers,
        "others": others,
        "difference": (row["difference"], row["difference_low"], row["difference_high"]),
        "top": (numbers.percent(row["newcomers_top_share"]), numbers.percent(row["long_term_top_share"])),
    }


def _spread(row: Row) -> tuple[float, float]:
    low = min(row["newcomers_p10"], row["long_term_p10"])
    return low, max(row["newcomers_p90"], row["long_term_p90"])


def _maps(reading: Reading, study: Study) -> list[Map]:
    shares = {who: _per_thousand(reading, who) for who in (names.NEWCOMERS, names.LONG_TERM)}
    if not all(shares.values()):
        return []
    scale = quantile_scale(
        [value for share in shares.values() for value in share.values()], "", numbers.number
    )
    return [_map(reading, study, who, share, scale) for who, share in shares.items()]


def _per_thousand(reading: Reading, who: str) -> dict[str, float]:
    counts = reading.people.get(who, {})
    total = sum(counts.values())
    return {one: 1000 * count / total for one, count in counts.items()} if total else {}


def _map(reading: Reading, study: Study, who: str, share: dict[str, float], scale: Scale) -> Map:
    most = sorted(share, key=lambda one: (-share[one], one))[:_NUMBERED]
    group = {"who": names.population(who)}
    told = sentences.say(_("The most live in {districts}."), districts=places(most, place_in(reading, study)))
    return Map(
        reading.drawing,
        reading.names,
        share,
        scale,
        _("Map: where they live, %(who)s. The same follows in words.") % group,
        lambda one: address(study, one),
        lambda value: _("%(count)s of every 1,000") % {"count": numbers.number(value)},
        legend_title=_("Of every 1,000 of the group"),
        class_words=class_words(scale, numbers.number),
        words=[told],
        title=names.population(who),
    )
