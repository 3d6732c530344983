"""Comparisons of organisations in named levels. Their chances stand in `levels.csv`: two directories are too
small, and share too much, to learn them from.
"""

from collections.abc import Mapping

from philoxenia.linkage.comparisons.levels import Level, Levels, same
from philoxenia.linkage.organisations.tables import chances, thresholds

_RARER = "least(name_bits_l, name_bits_r)"
_WITHIN = "(list_has_all(name_words_l, name_words_r) OR list_has_all(name_words_r, name_words_l))"


def comparisons() -> list[Levels]:
    """Name, place and contact of two organisations."""
    return [
        _comparison("name", "name_key", _name()),
        _comparison("place", "postal_key", _place()),
        _comparison("phone", "phone_key", {"same telephone": same("phone_key")}),
        _comparison("domain", "domain_key", {"same website or domain of mail": same("domain_key")}),
    ]


def _comparison(name: str, needs: str, conditions: Mapping[str, str]) -> Levels:
    *levels, otherwise = [Level(words, conditions.get(words, "ELSE")) for words in chances(name)]
    made = Levels(name, needs, levels, otherwise.create_label_for_charts())
    made.configure(
        m_probabilities=[m for m, _ in chances(name).values()],
        u_probabilities=[u for _, u in chances(name).values()],
    )
    return made


def _name() -> dict[str, str]:
    rare, few, near = (thresholds()[name] for name in ("rare_bits", "few_bits", "near"))
    acronym = " OR ".join(
        f"{{overlap}}(acronyms_{one}_l, acronyms_{other}_r)"
        for one, other in (("made", "written"), ("written", "made"), ("written", "written"))
    )
    held = [f"array_contains(name_words_{one}, word_1_{other})" for one, other in ("lr", "rl")]
    return {
        "same name of rare words": f"{same('name_sorted')} AND name_bits_l >= {rare}",
        "same name of common words": same("name_sorted"),
        "one name of rare words stands whole in the other": f"{_RARER} >= {rare} AND {_WITHIN}",
        "one of the names of a double name is the same": "{overlap}(name_halves_l, name_halves_r)",
        "the acronym of one stands in the other": acronym,
        "near in spelling": f"{{jaro_winkler}}(name_sorted_l, name_sorted_r) >= {near}",
        "one name of few or common words stands whole in the other": f"{_RARER} >= {few} AND {_WITHIN}",
        "the two rarest words are the same": same("word_pair"),
        "the rarest word of each stands in the other": " AND ".join(held),
        "the rarest word of one stands in the other": " OR ".join(held),
    }


def _place() -> dict[str, str]:
    return {
        "same address": f"{same('address_key')} AND {same('postal_key')}",
        "same house number and postal code": f"{same('house_key')} AND {same('postal_key')}",
        "same postal code": same("postal_key"),
        "same area of the postal code": "substr(postal_key_l, 1, 3) = substr(postal_key_r, 1, 3)",
    }
