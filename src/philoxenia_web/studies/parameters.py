"""The numbers a study may change: the engine's parameters with the city's own, each within its range."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from philoxenia.exchange.settings import read_settings
from philoxenia.reference import Parameter, Parameters
from philoxenia_web.studies.models import Study, StudyParameter
from philoxenia_web.studies.refusals import Refused

REASON_LENGTH = 500


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


def check_changes(changes: Mapping[str, Change]) -> dict[str, Change]:
    """The changes that differ from the default. Raises `Refused` for a name or value that cannot be."""
    known = city_parameters()
    for name, change in changes.items():
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
                "name": row.description,
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
    kept = check_changes(changes)
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
