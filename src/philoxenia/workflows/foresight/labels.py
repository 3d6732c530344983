"""English words for what a study names: uncertainties, shocks, plans, measures. Owns words only."""

from collections.abc import Iterable

from philoxenia.workflows.foresight.catalogue import Catalogue

_WORDS = {
    "arrivals_in_all": "people who come over the whole time",
    "shelter_intake_in_all": "people who come to the shelters over the whole time",
    "arrivals": "people who come to the city",
    "exit_factor": "how readily people leave shelters for homes (1: as fitted)",
    "departure_factor": "how many leave the city (1: as assumed)",
    "rent_growth": "growth of rents (share a year)",
    "rent_elasticity": "how much rents steer where people settle",
    "capacity.shelter": "shelter places there are (1: as counted)",
    "waiting": "people waiting for a shelter place",
    "in_shelter": "people in shelter",
    "in_homes": "people in homes",
    "exits_to_homes": "people who leave a shelter for a home",
    "shelter_intake": "people who come to the shelters",
    "vacant_homes": "vacant homes",
    "without": "without any action",
    "required": "only what is required",
}
_AIMS = {
    "mean": "best on average",
    "cvar": "best in the worst futures",
    "regret": "least regret",
}
_KINDS = {"served": "given", "unmet": "not met", "queue": "waiting for", "idle": "not used"}


def labels_of(catalogue: Catalogue, names: Iterable[str]) -> dict[str, str]:
    """Words by name, for every name there are words for."""
    titles = {action.id: action.title for action in catalogue.actions}
    found = {name: _label(name, titles) for name in names}
    return {name: words for name, words in found.items() if words}


def _label(name: str, titles: dict[str, str]) -> str:
    if name in _WORDS:
        return _WORDS[name]
    if name in titles:
        return titles[name]
    kind, _, rest = name.partition(".")
    if kind == "shock":
        shock, _, what = rest.partition(".")
        said = _plain(shock)
        return {
            "size": f"{said}: how large (0: does not come)",
            "begins": f"{said}: month in which it begins",
        }.get(what, f"{said} comes")
    if kind in ("rate", "capacity"):
        return f"{_plain(rest)}: {'use' if kind == 'rate' else 'capacity'} (1: as today)"
    if kind == "value":
        return f"worth of one unit: {_label(rest, titles) or _plain(rest)}"
    if kind == "benefit":
        action, _, benefit = rest.partition(".")
        return f"worth of one unit: {_plain(benefit)} ({titles.get(action, _plain(action))})"
    if kind in ("effect", "cost"):
        said = "effect" if kind == "effect" else "cost"
        return f"{titles.get(rest, _label(rest, titles) or _plain(rest))}: {said} (1: as stated)"
    if kind in _KINDS and rest:
        return f"{_plain(rest)}, {_KINDS[kind]}"
    return _plan(name)


def _plan(name: str) -> str:
    aim, _, share = name.rpartition("_")
    if aim in _AIMS and share.isdigit():
        return _AIMS[aim] if share == "100" else f"{_AIMS[aim]}, {share} % of the budgets"
    return ""


def _plain(name: str) -> str:
    return name.replace("_", " ")
