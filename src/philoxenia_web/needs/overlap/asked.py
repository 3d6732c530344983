"""What the address of the overlap page asks for. Whatever does not exist in the cube is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from philoxenia_web.needs.cube import EVERYBODY, Cube

EXACTLY, AT_LEAST = "exactly", "at-least"
DISTRICT = "district_id"
# Six needs make a picture that can be read; all twelve can be chosen.
_FIRST = 6
_SEPARATOR = "."


@dataclass(frozen=True)
class Asked:
    """Needs, people and the combination that is looked at more closely."""

    needs: tuple[str, ...]
    grouping: str
    groups: tuple[str, ...]
    exactly: bool
    combination: tuple[str, ...]
    # Districts were asked for together with a group: that table is not among those let out.
    both: bool = False

    def address(self, path: str, **changes: object) -> str:
        """The page's address with some of it changed."""
        known: dict[str, object] = {
            "need": self.needs,
            "group": f"{self.grouping}:{self.groups[0]}" if self._is_of_people else "",
            "district": self.groups if self.grouping == DISTRICT else (),
            "count": EXACTLY if self.exactly else AT_LEAST,
            "together": _SEPARATOR.join(self.combination),
        }
        return f"{path}?{urlencode({k: v for k, v in (known | changes).items() if v}, doseq=True)}"

    @property
    def _is_of_people(self) -> bool:
        return self.grouping not in (EVERYBODY, DISTRICT) and bool(self.groups)

    @property
    def group(self) -> str:
        """The group of people asked for, as the form's list names it."""
        return f"{self.grouping}:{self.groups[0]}" if self._is_of_people else ""

    @property
    def bits(self) -> int:
        """The combination as bits over the chosen needs."""
        return sum(1 << self.needs.index(one) for one in self.combination)


def asked(query: QueryDict, cube: Cube, usual: Sequence[str]) -> Asked:
    """What is asked; `usual` are the needs, those of most people first."""
    needs = tuple(one for one in cube.needs if one in query.getlist("need")) or tuple(
        one for one in cube.needs if one in usual[:_FIRST]
    )
    grouping, _colon, name = query.get("group", "").partition(":")
    there = grouping in cube.tables and grouping not in (EVERYBODY, DISTRICT)
    group = (name,) if there and name in cube.tables[grouping].known_groups else ()
    districts = _districts(query, cube)
    part = (grouping, group) if group else (DISTRICT, districts) if districts else (EVERYBODY, ())
    wanted = query.get("together", "").split(_SEPARATOR)
    combination = tuple(one for one in needs if one in wanted)
    return Asked(needs, *part, query.get("count") == EXACTLY, combination, bool(group and districts))


def _districts(query: QueryDict, cube: Cube) -> tuple[str, ...]:
    if DISTRICT not in cube.tables:
        return ()
    there = set(cube.tables[DISTRICT].known_groups)
    return tuple(sorted(there & set(query.getlist("district"))))
