"""The numbers a study may change: the engine's parameters with the city's own, each within its range."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from philoxenia.exchange.settings import read_settings
from philoxenia.reference import Parameter, Parameters
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study, StudyParameter
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.report import names

REASON_LENGTH = 500
_WEIGHT = "needs.weight."
# The parts of the engine that each kind of study runs.
_TOPICS = {
    Kind.PRESSURE: ("arrivals", "needs", "scenarios"),
    Kind.FORESIGHT: ("arrivals", "scenarios", "futures", "valuation"),
}


@dataclass(frozen=True)
class Change:
    """A value other than the default, and why."""

    value: float
    reason: str = ""


def city_parameters() -> Parameters:
    """Every parameter at the city's default, as city.toml says it now."""
    folder = Path(settings.ENVIRONMENT.city)
    return _read(folder, (folder / "city.toml").stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(folder: Path, _changed: int) -> Parameters:
    return read_settings(folder).parameters


def offered(kind: str) -> Parameters:
    """The parameters that matter for a kind of study, at the city's defaults."""
    return city_parameters().of_topics(*_TOPICS[Kind(kind)])


def check_changes(changes: Mapping[str, Change], kind: str) -> dict[str, Change]:
    """The changes that differ from the default. Raises `Refused` for a name or value that cannot be."""
    known = offered(kind)
    for name, change in changes.items():
        if name not in known and name in city_parameters():
            raise Refused(
                _("“%(name)s” changes nothing in a study of this kind.") % {"name": name[:100]}, name
            )
        if name not in known:
            raise Refused(_("There is no parameter called “%(name)s”.") % {"name": name[:100]}, name)
        check_value(known.row(name), change.value)
        if len(change.reason) > REASON_LENGTH or "\0" in change.reason:
            raise Refused(
                _("The reason for “%(name)s” is too long: keep it under %(most)d characters.")
                % {"name": name, "most": REASON_LENGTH},
                name,
            )
    return {name: change for name, change in changes.items() if change.value != known[name]}


def check_value(row: Parameter, value: float) -> None:
    """Raise `Refused` for a value outside the range in which the parameter has a meaning."""
    # Written so that a value that is not a number is refused too.
    if not row.low <= value <= row.high:
        raise Refused(
            _("“%(name)s” cannot be %(value)s: it must lie between %(low)s and %(high)s (%(unit)s).")
            % {
                "name": words_of(row)[0],
                "value": f"{value:g}",
                "low": f"{row.low:g}",
                "high": f"{row.high:g}",
                "unit": row.unit,
            },
            row.name,
        )


def keep_changes(study: Study, changes: Mapping[str, Change]) -> None:
    """Make the study's changed parameters exactly these."""
    known = city_parameters()
    kept = check_changes(changes, study.kind)
    study.parameters.all().delete()
    StudyParameter.objects.bulk_create(
        StudyParameter(
            study=study, name=name, value=kept[name].value, default=known[name], reason=kept[name].reason
        )
        for name in sorted(kept)
    )


def changes_of(study: Study) -> dict[str, Change]:
    """The parameters a study changes."""
    return {one.name: Change(one.value, one.reason) for one in study.parameters.all()}


@dataclass(frozen=True)
class Shown:
    """A parameter for a page: its row, the value of the study where it differs, and why."""

    row: Parameter
    value: float
    changed: bool
    reason: str = ""

    @property
    def words(self) -> str:
        """What it is called."""
        return words_of(self.row)[0]

    @property
    def english(self) -> bool:
        """Whether that is the engine's own text."""
        return words_of(self.row)[1]


def words_of(row: Parameter) -> tuple[str, bool]:
    """What a parameter is called, and whether those words are the engine's own (English)."""
    indicator = row.name.removeprefix(_WEIGHT)
    if indicator != row.name:
        return _("Weight of “%(indicator)s” within its aspect") % {
            "indicator": names.indicator(indicator)
        }, False
    own = _(row.description)
    return own, own == row.description


def shown_changes(study: Study) -> list[Shown]:
    """The changed parameters of a study with their rows; a parameter the engine no longer has is left out."""
    known = city_parameters()
    return [
        Shown(known.row(one.name), one.value, True, one.reason)
        for one in study.parameters.all()
        if one.name in known
    ]


@dataclass(frozen=True)
class Group:
    """Parameters shown together. `found` counts those changed."""

    id: str
    title: str
    text: str
    rows: list[Shown]

    @property
    def changed(self) -> int:
        """How many of them the study changes."""
        return sum(row.changed for row in self.rows)


def _groups() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Id, title, sentence and the beginnings of the names; the first group that fits takes a parameter."""
    return [
        (
            "weights",
            _("Weights of indicators"),
            _("How much each indicator counts within its aspect. 0 leaves it out."),
            ("needs.weight.",),
        ),
        (
            "needs",
            _("Pressure today"),
            _("How values become scores, how far people go, and how sure that is."),
            ("needs.",),
        ),
        (
            "ages",
            _("Ages of newcomers and residents"),
            _("Used where the census gives no ages."),
            ("scenarios.newcomer_share_age", "scenarios.resident_share_age"),
        ),
        (
            "scenarios",
            _("Load and gaps"),
            _("How people settle and stay, and what a place or a visit is."),
            ("scenarios.",),
        ),
        (
            "spread",
            _("Spread of forecasts, for experts"),
            _("Learnt from past forecasts of many cities and countries. Change them only with a reason."),
            ("arrivals.spread.",),
        ),
        (
            "arrivals",
            _("Who may come"),
            _("How forecasts weigh the past. Most were measured; few cities need to change them."),
            ("arrivals.",),
        ),
        (
            "futures",
            _("Futures"),
            _("How people move, how homes turn over, and how far futures differ. Most are assumptions."),
            ("futures.",),
        ),
        (
            "valuation",
            _("What counts how much"),
            _("The discount of later years, weights by income, and which futures count as the worst."),
            ("valuation.",),
        ),
    ]


def grouped(changes: Mapping[str, Change], kind: str, sought: str = "") -> list[Group]:
    """All parameters by group, those whose words hold what is sought; groups without any are left out."""
    known = offered(kind)
    left = {name: shown_of(known.row(name), changes) for name in known if _found(known.row(name), sought)}
    groups = []
    for id_, title, text, beginnings in _groups():
        taken = [name for name in left if name.startswith(beginnings)]
        rows = [left.pop(name) for name in taken]
        if rows:
            groups.append(Group(id_, title, text, rows))
    # The capabilities in the order of the report.
    order = ["needs", "weights", "valuation", "futures", "arrivals", "scenarios", "ages", "spread"]
    return sorted(groups, key=lambda group: order.index(group.id))


def shown_of(row: Parameter, changes: Mapping[str, Change]) -> Shown:
    """A parameter with the study's value."""
    change = changes.get(row.name)
    if change is None:
        return Shown(row, row.value, False)
    return Shown(row, change.value, change.value != row.value, change.reason)


def _found(row: Parameter, sought: str) -> bool:
    words = f"{row.name} {row.description} {row.unit} {words_of(row)[0]}".casefold()
    return all(word in words for word in sought.casefold().split())
