"""Which version of which data set a study uses for each table of the city, and whether it still may."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia.exchange import City, contracts
from philoxenia_web.accounts.access import SYSTEM, Actor, Denied
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import queries as datasets
from philoxenia_web.datasets.policies import Purpose, UseRefused
from philoxenia_web.datasets.queries import VersionFacts
from philoxenia_web.studies.models import Study, StudyInput
from philoxenia_web.studies.refusals import Refused


@dataclass(frozen=True)
class Choice:
    """One table of the city and what may be used for it.

    `chosen` is None where the city package's own table is used, or where there is none at all (`missing`).
    `refused` says why the version that was chosen earlier may not be used any more.
    """

    table: str
    options: tuple[VersionFacts, ...]
    chosen: UUID | None
    in_package: bool
    refused: str = ""

    @property
    def missing(self) -> bool:
        """Whether the study has to do without this table."""
        return self.chosen is None and not self.in_package

    @property
    def chosen_facts(self) -> VersionFacts | None:
        """What is said of the chosen version."""
        return next((one for one in self.options if one.id == self.chosen), None)


def check_purpose(purpose: str) -> str:
    """The purpose, where data sets know it."""
    if purpose not in Purpose.values:
        raise Refused(_("Choose one of the purposes in the list."), "purpose")
    return purpose


def choices(actor: Actor, purpose: str, chosen: Mapping[str, UUID | None]) -> list[Choice]:
    """For each table the versions the actor may use for the purpose today, and the chosen one."""
    by_table = _usable(actor, purpose)
    ours = _package_tables()
    # Once the package's tables are data sets, one that nobody may use is left out of the city.
    loaded = any(one.from_package for options in by_table.values() for one in options)
    return [
        _choice(actor, purpose, table, tuple(by_table.get(table, ())), chosen, table in ours and not loaded)
        for table in sorted(ours | set(by_table) | set(chosen))
    ]


def _package_tables() -> set[str]:
    """The tables of the city package, by their files: reading them all would take a second."""
    known = contracts(settings.ENVIRONMENT.city)
    folder = Path(settings.ENVIRONMENT.city) / "tables"
    files = folder.iterdir() if folder.is_dir() else ()
    return {file.stem for file in files if file.suffix in (".csv", ".parquet") and file.stem in known}


def _choice(
    actor: Actor,
    purpose: str,
    table: str,
    options: tuple[VersionFacts, ...],
    chosen: Mapping[str, UUID | None],
    in_package: bool,
) -> Choice:
    wanted = chosen.get(table)
    first = _first(options)
    if wanted is not None and wanted not in {one.id for one in options}:
        return Choice(table, options, first, in_package, _why_not(actor, wanted, purpose))
    return Choice(table, options, wanted if wanted is not None else first, in_package)


def _usable(actor: Actor, purpose: str) -> dict[str, list[VersionFacts]]:
    found: dict[str, list[VersionFacts]] = {}
    for one in datasets.usable_versions(actor, purpose):
        if one.contract != "districts":
            found.setdefault(one.contract, []).append(one)
    return found


def _first(options: tuple[VersionFacts, ...]) -> UUID | None:
    """What departments handed in last, before the table that came with the city package."""
    handed_in = [one for one in options if not one.from_package] or list(options)
    dated = [one for one in handed_in if one.published_at is not None]
    return max(dated, key=lambda one: (one.published_at, one.number)).id if dated else None


def _why_not(actor: Actor, version_id: UUID, purpose: str) -> str:
    try:
        datasets.versions_behind(actor, [version_id], purpose)
    except UseRefused as refusal:
        return str(refusal)
    except (Http404, Denied):
        return _("The version that was chosen before is not there any more.")
    return ""


def chosen_first(actor: Actor, purpose: str) -> dict[str, UUID | None]:
    """For each table the version a new study starts with."""
    return {one.table: one.chosen for one in choices(actor, purpose, {})}


def still_usable(actor: Actor, study: Study) -> dict[str, UUID | None]:
    """The inputs the actor may use today; for the rest what a new study starts with."""
    return {one.table: one.chosen for one in choices(actor, study.purpose, chosen_of(study))}


def chosen_of(study: Study) -> dict[str, UUID | None]:
    """The version a study uses for each table."""
    return {one.table: one.dataset_version_id for one in study.inputs.all()}


def keep(actor: Actor, study: Study, chosen: Mapping[str, UUID | None]) -> None:
    """Make the study's inputs exactly these. Raises `Refused` for one that may not be used."""
    found = {version.contract: version for version in _behind(actor, chosen, study.purpose)}
    for table, version_id in chosen.items():
        if version_id is not None and (table not in found or found[table].pk != version_id):
            raise Refused(
                _("The version chosen for “%(table)s” is of another kind.") % {"table": table}, table
            )
    study.inputs.all().delete()
    StudyInput.objects.bulk_create(
        StudyInput(
            study=study,
            table=version.contract,
            dataset_version_id=version.pk,
            title=str(version.dataset)[:300],
            content_hash=version.content_hash,
            rows=version.rows,
        )
        for version in found.values()
        if version.contract != "districts"
    )


def check_usable(actor: Actor, study: Study) -> None:
    """Raise `Refused` with a sentence on the first input that may not be used today."""
    _behind(actor, chosen_of(study), study.purpose)


def _behind(actor: Actor, chosen: Mapping[str, UUID | None], purpose: str) -> list:  # type: ignore[type-arg]
    ids = [version for version in chosen.values() if version is not None]
    try:
        return datasets.versions_behind(actor, ids, purpose)
    except (UseRefused, Http404) as refusal:
        raise Refused(
            str(refusal) or _("A chosen version is not there any more. Choose another."), "inputs"
        ) from refusal


def city_of(study: Study) -> tuple[City, dict[str, UUID]]:
    """The city a study is computed from, and the version behind each table that has one."""
    actor = acting_for(study)
    ids = [version for version in chosen_of(study).values() if version is not None]
    city = datasets.city_of(actor, ids, study.purpose)
    behind = {one.contract: one.pk for one in datasets.versions_behind(actor, ids, study.purpose)}
    return city, behind


def acting_for(study: Study) -> Actor:
    """Who a run counts as when agreements are asked: a planner of the organisation that wants it."""
    if study.asked_by_id is None:
        return SYSTEM
    return Actor(study.asked_by_id, memberships=frozenset({(study.organisation_id, Role.PLANNER)}))
