"""What a reader of the ranking asked for in the address: for whom, weighed how, paid by whom, which goal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.reading import NET, WEIGHTED, ForesightReading, Row, parts

Choices = list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Asked:
    """The choices of one request; what is not offered is taken as not chosen."""

    reading: ForesightReading
    given: Mapping[str, str]

    @classmethod
    def of(cls, reading: ForesightReading, request: HttpRequest) -> "Asked":
        """From the address."""
        names_of = ("who", "weights", "span", "funder", "goal", "idea")
        return cls(reading, {name: request.GET.get(name, "") for name in names_of})

    @cached_property
    def who(self) -> str:
        """A constituency, or empty for everybody together."""
        return self._offered("who", CONSTITUENCIES)

    @property
    def weighted(self) -> bool:
        """Whether a gain counts more for people with low incomes."""
        return self.given.get("weights") == "income" and not self.who

    @property
    def yearly(self) -> bool:
        """Whether amounts are those of an average year."""
        return self.given.get("span") == "year"

    @property
    def scale(self) -> float:
        """What amounts of the whole horizon are multiplied by."""
        return 1 / self.reading.years if self.yearly else 1.0

    @property
    def narrowed(self) -> bool:
        """Whether some actions may be left out."""
        return any(self._offered(name, self._values(name)) for name in ("funder", "goal", "idea"))

    def row_of(self, action: str) -> Row | None:
        """The summary by which actions are ranked."""
        if self.who:
            return self.reading.of(action, "constituency", self.who)
        return self.reading.of(action, WEIGHTED if self.weighted else NET)

    def values_of(self, action: str) -> list[float]:
        """The same amount in every future."""
        frame = self.reading.samples(action)
        return frame[self.who or (WEIGHTED if self.weighted else NET)].to_list() if frame.height else []

    @cached_property
    def actions(self) -> list[str]:
        """The actions that pass, those that bring most first."""
        kept = [
            one
            for one, row in self.reading.actions.items()
            if all(self._passes(name, row) for name in ("funder", "goal", "idea"))
        ]
        return sorted(kept, key=lambda one: -(self.row_of(one) or {"mean": float("-inf")})["mean"])

    def _passes(self, name: str, row: Row) -> bool:
        wanted = self._offered(name, self._values(name))
        return not wanted or wanted in parts(row[_COLUMNS[name]])

    def _values(self, name: str) -> list[str]:
        found = {one for row in self.reading.actions.values() for one in parts(row[_COLUMNS[name]])}
        return sorted(found, key=_in_order)

    def _offered(self, name: str, values: Iterable[str]) -> str:
        given = self.given.get(name, "")
        return given if given in values else ""

    def choices(self, name: str) -> Choices:
        """What can be chosen in one of the lists: value, words, whether it is chosen."""
        values = CONSTITUENCIES if name == "who" else self._values(name)
        chosen = self._offered(name, values)
        return [(one, self._words(name, one), one == chosen) for one in values]

    def _words(self, name: str, value: str) -> str:
        if name == "who":
            return names.constituency(value)
        if name == "funder":
            return self.reading.funders.get(value, value)
        told = names.goal(value) if name == "goal" else names.idea(value)
        return _("%(id)s: %(name)s") % {"id": value, "name": told} if told and told != value else value

    def address(self, **changes: str) -> str:
        """This ranking with one choice changed."""
        given = {name: value for name, value in {**self.given, **changes}.items() if value}
        return f"?{urlencode(given)}" if given else "?"

    @property
    def switches(self) -> list[tuple[str, Choices]]:
        """Choices between two: title, and for each its address, words, whether it is chosen."""
        span = [
            (self.address(span=""), _("Whole horizon"), not self.yearly),
            (self.address(span="year"), _("Average year"), self.yearly),
        ]
        if self.who:
            return [(_("Amounts"), span)]
        weights = [
            (self.address(weights=""), _("The same for everybody"), not self.weighted),
            (self.address(weights="income"), _("More for low incomes"), self.weighted),
        ]
        return [(_("What a gain counts"), weights), (_("Amounts"), span)]


_COLUMNS = {"funder": "funder", "goal": "crf_goals", "idea": "blueprint"}


def _in_order(value: str) -> tuple[str, int, str]:
    letters = value.rstrip("0123456789")
    number = value[len(letters) :]
    return letters, int(number) if number else 0, value
