"""What constituencies, pillars, effects, measures and uncertainties are called in the reader's language."""

from collections.abc import Mapping, Sequence
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.reference import reference_table
from philoxenia.report import words as english
from philoxenia.report.names import clean
from philoxenia_web.studies.report.names import service, unit

_CONSTITUENCIES: Mapping[str, Promise] = {
    "newcomers": gettext_lazy("Newcomers"),
    "long_term_residents": gettext_lazy("Long-term residents"),
    "homeless_people": gettext_lazy("People without a home"),
    "children": gettext_lazy("Children"),
    "women": gettext_lazy("Women"),
    "men": gettext_lazy("Men"),
    "older_people": gettext_lazy("Older people"),
}
_GROUPS: Mapping[str, Promise] = {
    "newcomer_children": gettext_lazy("Children who are newcomers"),
    "newcomer_women": gettext_lazy("Women who are newcomers"),
    "newcomer_men": gettext_lazy("Men who are newcomers"),
    "newcomer_older": gettext_lazy("Older newcomers"),
    "long_term_children": gettext_lazy("Children of long-term residents"),
    "long_term_women": gettext_lazy("Women who are long-term residents"),
    "long_term_men": gettext_lazy("Men who are long-term residents"),
    "long_term_older": gettext_lazy("Older long-term residents"),
}
_PILLARS: Mapping[str, Promise] = {
    "avoided_loss": gettext_lazy("Losses avoided"),
    "unlocked_potential": gettext_lazy("Potential unlocked"),
    "co_benefit": gettext_lazy("Benefits beside"),
}
_PILLAR_MEANINGS: Mapping[str, Promise] = {
    "avoided_loss": gettext_lazy("harm that does not happen: waiting, nights in a shelter, needs unmet"),
    "unlocked_potential": gettext_lazy("what people can do once they have a home, a language, a job"),
    "co_benefit": gettext_lazy("what comes even when no shock does: cleaner streets, used libraries"),
}
_EFFECTS: Mapping[str, Promise] = {
    "capacity": gettext_lazy("More places"),
    "exits": gettext_lazy("More exits to homes"),
    "departures": gettext_lazy("People who leave the city"),
    "entries": gettext_lazy("People who come to a shelter"),
    "use": gettext_lazy("How much a service is used"),
    "eligibility": gettext_lazy("Who may use a service"),
    "reach": gettext_lazy("How far a service reaches"),
}
_MEASURES: Mapping[str, Promise] = {
    "waiting": gettext_lazy("Waiting for a shelter place"),
    "in_shelter": gettext_lazy("In shelter"),
    "in_homes": gettext_lazy("Living in homes"),
    "exits_to_homes": gettext_lazy("Moved from shelter to a home"),
    "arrivals": gettext_lazy("People who come to the city"),
    "left_city": gettext_lazy("People who leave the city"),
    "people": gettext_lazy("People in the city"),
    "shelter_intake": gettext_lazy("People who come to a shelter"),
    "vacant_homes": gettext_lazy("Homes that stand empty"),
    "without_own_home": gettext_lazy("People without a home of their own"),
    "shelter": gettext_lazy("Shelter"),
    "homes": gettext_lazy("Homes"),
}
_SERVED: Mapping[str, Promise] = {
    "served": gettext_lazy("{service}: served"),
    "idle": gettext_lazy("{service}: there and not used"),
    "unmet": gettext_lazy("{service}: asked for and not met"),
    "queue": gettext_lazy("{service}: waiting"),
    "rate": gettext_lazy("{service}: how much each person uses"),
    "capacity": gettext_lazy("{service}: how much there is"),
}
_SHOCKS: Mapping[str, Promise] = {
    "sudden_influx": gettext_lazy("Many more people come at once"),
    "border_closure": gettext_lazy("A border closes and people stay"),
    "relocation_agreement": gettext_lazy("People come by agreement"),
    "economic_slump": gettext_lazy("The economy slumps"),
    "flood_or_heat": gettext_lazy("Flood or heat"),
}
_DRAWS: Mapping[str, Promise] = {
    "occurs": gettext_lazy("{shock}: whether it comes"),
    "date": gettext_lazy("{shock}: when"),
    "size": gettext_lazy("{shock}: how large"),
    "duration": gettext_lazy("{shock}: how long"),
    "place": gettext_lazy("{shock}: where"),
    "begins": gettext_lazy("{shock}: in which month"),
}
_OF_ACTIONS: Mapping[str, Promise] = {
    "effect": gettext_lazy("How strongly it works: {action}"),
    "cost": gettext_lazy("What it costs: {action}"),
    "lead": gettext_lazy("How late it starts: {action}"),
}
_WORTH = gettext_lazy("What one unit is worth: {what}")
_UNCERTAINTIES: Mapping[str, Promise] = {
    "arrival_path": gettext_lazy("How many people come"),
    "exit_factor": gettext_lazy("How easily people find a home"),
    "departure_factor": gettext_lazy("How many people leave the city"),
    "rent_growth": gettext_lazy("How fast rents grow"),
    "rent_elasticity": gettext_lazy("How much rents decide where people settle"),
    "capacity.shelter": gettext_lazy("How many shelter places are open"),
}
_RULES: Mapping[str, Promise] = {
    "first_come": gettext_lazy("first come, first served"),
    "need_first": gettext_lazy("greatest need first"),
    "equal_shares": gettext_lazy("equal shares for everybody who asks"),
}


def constituency(id_: str) -> str:
    """Newcomers, long-term residents, children."""
    return str(_CONSTITUENCIES.get(id_, english.sentence_case(english.label(id_))))


def cell(id_: str) -> str:
    """One part of the partition: a group, or those of a group without a home."""
    group, dot, _rest = id_.partition(".")
    called = str(_GROUPS.get(group, _CONSTITUENCIES.get(group, group)))
    return _("%(group)s, without a home") % {"group": called} if dot else called


def groups(ids: Sequence[str]) -> list[str]:
    """Groups in as few words as may be: all four of newcomers are newcomers."""
    found = list(ids)
    for whole, start in (("newcomers", "newcomer_"), ("long_term_residents", "long_term_")):
        own = {one for one in _GROUPS if one.startswith(start)}
        if own <= set(found):
            found = [whole, *(one for one in found if one not in own)]
    return [constituency(one) if one in _CONSTITUENCIES else cell(one) for one in found]


def pillar(id_: str) -> str:
    """Losses avoided, potential unlocked, benefits beside."""
    return str(_PILLARS.get(id_, id_))


def pillar_meaning(id_: str) -> str:
    """What a pillar holds, in plain words."""
    return str(_PILLAR_MEANINGS.get(id_, ""))


def effect(kind: str) -> str:
    """What kind of change an action makes."""
    return str(_EFFECTS.get(kind, kind))


def rule(id_: str) -> str:
    """Who is served first where capacity is short."""
    return str(_RULES.get(id_, id_))


def measure(id_: str, own: Mapping[str, str] | None = None) -> str:
    """What is followed through the futures: people waiting, visits served."""
    if id_ in _MEASURES:
        return str(_MEASURES[id_])
    kind, dot, called = id_.partition(".")
    if dot and kind in _SERVED:
        return str(_SERVED[kind]).format(
            service=measure(called, own) if called in _MEASURES else service(called)
        )
    return _own(id_, own)


def measure_or_service(id_: str, own: Mapping[str, str] | None = None) -> str:
    """What an effect aims at: homes, shelter or a service."""
    return measure(id_, own) if id_ in _MEASURES else service(id_)


def shock(id_: str, own: Mapping[str, str] | None = None) -> str:
    """A named event."""
    return str(_SHOCKS[id_]) if id_ in _SHOCKS else _own(id_, own)


def uncertainty(
    id_: str, own: Mapping[str, str] | None = None, titles: Mapping[str, str] | None = None
) -> str:
    """What differs between futures, or a number somebody had to set. `titles`: of actions, by id."""
    if id_ in _UNCERTAINTIES:
        return str(_UNCERTAINTIES[id_])
    kind, _dot, rest = id_.partition(".")
    if kind == "shock":
        return _of_shock(rest, own)
    if kind in _OF_ACTIONS and rest:
        return str(_OF_ACTIONS[kind]).format(action=(titles or {}).get(rest, rest))
    if kind == "value" and rest:
        return str(_WORTH).format(what=measure(rest, own))
    if kind == "benefit" and rest:
        return str(_WORTH).format(what=clean(rest.partition(".")[2]))
    return measure(id_, own)


def _of_shock(rest: str, own: Mapping[str, str] | None) -> str:
    called, _dot, draw = rest.rpartition(".")
    return str(_DRAWS[draw]).format(shock=shock(called, own)) if draw in _DRAWS else shock(rest, own)


def _own(id_: str, own: Mapping[str, str] | None) -> str:
    """The study's own word, or the id without its signs."""
    words = (own or {}).get(id_) or english.label(id_.replace(".", ": "))
    return clean(english.sentence_case(_(words)))


def goal(number: str) -> str:
    """A goal of the City Resilience Framework."""
    return _(_goals().get(number, number))


def idea(id_: str) -> str:
    """What a blueprint id stands for."""
    return _(_ideas()[id_]) if id_ in _ideas() else ""


@cache
def _goals() -> Mapping[str, str]:
    return {str(goal): name for goal, name in reference_table("crf_goals").select("goal", "name").iter_rows()}


@cache
def _ideas() -> Mapping[str, str]:
    return dict(reference_table("blueprint").select("id", "name").iter_rows())


__all__ = [
    "cell",
    "constituency",
    "effect",
    "goal",
    "groups",
    "idea",
    "measure",
    "measure_or_service",
    "pillar",
    "pillar_meaning",
    "rule",
    "shock",
    "uncertainty",
    "unit",
]
