"""How well a record answers a question: names in any order and script, then birth, then phone."""

from collections.abc import Mapping
from typing import Any

from philoxenia.linkage.dates import Birth as AskedBirth
from philoxenia_web.registry.people.tokens import Pieces
from philoxenia_web.registry.people.writing import birth_of, pieces_of_brief

_ONE_DAY_SWAPPED = 0.9


def compared(asked: Pieces, birth: AskedBirth | None, brief: Mapping[str, Any]) -> tuple[float, list[str]]:
    """Score from 0 to 1 and codes of why; no codes where fewer than two pieces agree."""
    held = pieces_of_brief(brief)
    exact = [key for key in asked.strong if key in held.strong]
    similar = _similar(asked, held)
    names = (len(exact) + 0.7 * similar) / len(asked.strong) if asked.strong else 0.0
    born, born_why = _born(birth, brief)
    phone = bool(set(asked.phones) & set(held.phones))
    if len(exact) + similar + bool(born) + phone < 2:
        return 0.0, []
    parts = [(names, 3.0)] if asked.strong else []
    parts += [(born, 2.0)] if birth else []
    parts += [(1.0 if phone else 0.0, 2.0)] if asked.phones else []
    score = sum(value * weight for value, weight in parts) / sum(weight for _, weight in parts)
    why = _names_why(asked, exact, similar) + born_why + (["phone"] if phone else [])
    return round(score, 3), why


def _similar(asked: Pieces, held: Pieces) -> int:
    """How many asked names agree by their loose key alone."""
    exact = set(asked.strong) & set(held.strong)
    left = max(0, len(asked.loose) - len(exact))
    return min(left, max(0, len(set(asked.loose) & set(held.loose)) - len(exact)))


def _names_why(asked: Pieces, exact: list[str], similar: int) -> list[str]:
    if asked.strong and len(exact) == len(asked.strong):
        return ["names"]
    if similar:
        return ["similar_names"]
    return ["some_names"] if exact else []


def _born(asked: AskedBirth | None, brief: Mapping[str, Any]) -> tuple[float, list[str]]:
    held = birth_of(brief)
    if asked is None or held is None or held.known_year is None:
        return 0.0, []
    if asked.month and asked.day and held.date:
        told = f"{asked.year:04d}-{asked.month:02d}-{asked.day:02d}"
        if told == held.date:
            return 1.0, ["birth_date"]
        if held.date == f"{asked.year:04d}-{asked.day:02d}-{asked.month:02d}":
            return _ONE_DAY_SWAPPED, ["birth_date"]
    apart = abs(asked.year - held.known_year)
    sure = held.certainty == "exact" and held.date and asked.day
    if apart == 0:
        return (0.5 if sure else 0.8), ["birth_year"]
    return (
        (0.3, ["birth_near"]) if apart == 1 or (apart <= 3 and held.certainty == "estimated") else (0.0, [])
    )
