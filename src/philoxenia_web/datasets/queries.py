"""What there is to see of data sets, for whom; the data a study may use, decided at the time of use."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.exchange import CheckReport, City, Contract, Source, contracts, read_city
from philoxenia.exchange.city import CheckedTable
from philoxenia.lake import Lake
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.datasets.models import Agreement, Dataset, Purpose, Upload, Use, Version
from philoxenia_web.datasets.policies import (
    HAND_IN,
    READ,
    SEE,
    UseRefused,
    agreed_for,
    organisations_with,
    refusal_of_use,
    sees_everything,
)
from philoxenia_web.datasets.stores import lake_folder


@dataclass(frozen=True)
class VersionFacts:
    """What another app needs to know of a version it may offer for use."""

    id: UUID
    dataset_id: UUID
    title: str
    organisation: str
    contract: str
    number: int
    rows: int
    outcome: str
    published_at: datetime.datetime | None
    valid_until: datetime.date | None
    licence: str
    purposes: tuple[str, ...]
    from_package: bool


def lake() -> Lake:
    """The lake of this installation."""
    return _lake(lake_folder())


@lru_cache(maxsize=2)
def _lake(folder: Path) -> Lake:
    """One lake a process: it remembers which files it has found whole."""
    return Lake(folder)


def _in_force() -> QuerySet[Agreement]:
    latest = Agreement.objects.filter(of=OuterRef("of")).order_by("-number").values("pk")[:1]
    return Agreement.objects.filter(pk=Subquery(latest)).prefetch_related("organisations")


def with_agreements(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Versions with what is said of each: its data set, its organisation, the agreement that holds."""
    held = Prefetch("agreements", queryset=_in_force(), to_attr="held")
    return versions.select_related("dataset", "organisation").prefetch_related(held)


def agreement_of(version: Version) -> Agreement | None:
    """The agreement that holds for a version, None while it has none."""
    held = getattr(version, "held", None)
    if held is None:
        held = list(_in_force().filter(of=version))
    return held[0] if held else None


def _published_for(actor: Actor) -> Q:
    """Versions of which the actor may know that they exist."""
    shown = Q(state__in=[Version.State.PUBLISHED, Version.State.WITHDRAWN])
    if sees_everything(actor):
        return shown
    agreed = _in_force().filter(agreed_for(organisations_with(actor, SEE)))
    return shown & Q(agreements__in=agreed)


def versions_for(actor: Actor) -> QuerySet[Version]:
    """Every version the actor may know of: published ones, and what its own organisation handed in."""
    own = Q(organisation__in=organisations_with(actor, HAND_IN)) & ~Q(state=Version.State.DISCARDED)
    found = Version.objects.filter(_published_for(actor) | own).distinct()
    return with_agreements(found)


def version_for(actor: Actor, version_id: UUID) -> Version:
    """One version. Raises `Http404` where the actor may not know of it."""
    version = versions_for(actor).filter(pk=version_id).first()
    if version is None:
        raise Http404(_("There is no such version, or it is not yours to see."))
    return version


def own_version(actor: Actor, version_id: UUID) -> Version:
    """A version that the actor's organisation handed in. Raises `Http404` for every other."""
    mine = Version.objects.filter(pk=version_id, organisation__in=organisations_with(actor, HAND_IN))
    version = with_agreements(mine.exclude(state=Version.State.DISCARDED)).first()
    if version is None:
        raise Http404(_("There is no such version, or it is not yours to change."))
    return version


def datasets_for(actor: Actor) -> QuerySet[Dataset]:
    """Data sets the actor may know of, with their versions, newest first, as `shown`."""
    versions = Prefetch("versions", queryset=versions_for(actor).order_by("-number"), to_attr="shown")
    seen = Version.objects.filter(_published_for(actor)).values("dataset")
    own = Q(organisation__in=organisations_with(actor, HAND_IN))
    found = Dataset.objects.filter(Q(pk__in=seen) | own)
    return found.select_related("organisation").prefetch_related(versions).order_by("title", "pk")


def dataset_for(actor: Actor, dataset_id: UUID) -> Dataset:
    """One data set. Raises `Http404` where the actor may not know of it."""
    dataset = datasets_for(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise Http404(_("There is no such data set, or it is not yours to see."))
    return dataset


def own_datasets(actor: Actor) -> QuerySet[Dataset]:
    """The data sets of the organisations the actor hands in for."""
    return Dataset.objects.filter(organisation__in=organisations_with(actor, HAND_IN)).order_by("title")


def drafts_for(actor: Actor) -> QuerySet[Version]:
    """What the actor's organisations handed in and did not publish yet, newest first."""
    own = Version.objects.filter(organisation__in=organisations_with(actor, HAND_IN))
    open_ = own.filter(state__in=[Version.State.CHECKING, Version.State.CHECKED])
    return open_.select_related("dataset", "organisation").order_by("-created_at")


def upload_for(actor: Actor, upload_id: UUID) -> Upload:
    """An upload of this very person. Raises `Http404` for everybody else's."""
    found = Upload.objects.select_related("dataset").filter(pk=upload_id, person_id=actor.person_id)
    upload = found.first() if actor.person_id else None
    if upload is None or upload.organisation_id not in organisations_with(actor, HAND_IN):
        raise Http404(_("There is no such upload."))
    return upload


def unfinished_uploads(actor: Actor) -> QuerySet[Upload]:
    """Uploads of this person that can be gone on with."""
    return Upload.objects.filter(person_id=actor.person_id, state=Upload.State.RECEIVING).order_by(
        "-touched_at"
    )


def may_read(actor: Actor, version: Version) -> bool:
    """Whether the actor may see the rows of a version: it handed them in, or they are agreed for it today."""
    if version.organisation_id in organisations_with(actor, HAND_IN):
        return True
    return bool(organisations_with(actor, READ)) and not why_not(actor, version, "")


def why_not(actor: Actor, version: Version, purpose: str) -> str:
    """Why a version may not be used, as a sentence; '' where it may."""
    return refusal_of_use(actor, version, agreement_of(version), purpose, today())


def today() -> datetime.date:
    """The day on which an agreement is looked at."""
    return timezone.localdate()


# --- data for studies -------------------------------------------------------------------------------------


def usable_versions(actor: Actor, purpose: str) -> list[VersionFacts]:
    """The versions the actor may use for the purpose today, by title, the newest of each data set first."""
    published = versions_for(actor).filter(state=Version.State.PUBLISHED)
    usable = [one for one in published if not why_not(actor, one, purpose)]
    ordered = sorted(usable, key=lambda one: (str(one.dataset), -(one.number or 0)))
    return [_facts(version) for version in ordered]


def facts_of(version_ids: Iterable[UUID]) -> list[VersionFacts]:
    """What is said of versions already in use, whoever asks: for the sources of a study."""
    found = with_agreements(Version.objects.filter(pk__in=list(version_ids)))
    return [_facts(version) for version in sorted(found, key=lambda one: (str(one.dataset), one.number or 0))]


def withdrawn_among(version_ids: Iterable[UUID]) -> list[VersionFacts]:
    """Those of the versions that were withdrawn since: results made from them are to be marked."""
    gone = Version.objects.filter(pk__in=list(version_ids), state=Version.State.WITHDRAWN)
    return [_facts(version) for version in with_agreements(gone)]


def _facts(version: Version) -> VersionFacts:
    agreement, dataset = agreement_of(version), version.dataset
    assert dataset is not None  # noqa: S101 - published versions have one
    return VersionFacts(
        id=version.pk,
        dataset_id=dataset.pk,
        title=dataset.title,
        organisation=str(version.organisation),
        contract=version.contract,
        number=version.number or 0,
        rows=version.rows,
        outcome=version.outcome,
        published_at=version.published_at,
        valid_until=agreement.valid_until if agreement else None,
        licence=agreement.licence if agreement else "",
        purposes=tuple(agreement.purposes) if agreement else (),
        from_package=dataset.from_package,
    )


def versions_behind(actor: Actor, version_ids: Sequence[UUID], purpose: str) -> list[Version]:
    """The versions a city is computed from: those chosen, and the city package's for kinds nobody chose.

    Raises `UseRefused` with a sentence where an agreement does not let a chosen one be used, `Http404` where
    the actor may not know of it.
    """
    chosen = [version_for(actor, version_id) for version_id in dict.fromkeys(version_ids)]
    for version in chosen:
        if refusal := why_not(actor, version, purpose):
            raise UseRefused(refusal)
    kinds: dict[str, Version] = {}
    for version in chosen:
        if other := kinds.get(version.contract):
            told = {"kind": version.contract, "one": str(other), "other": str(version)}
            raise UseRefused(_("“%(one)s” and “%(other)s” are both of the kind %(kind)s. Choose one.") % told)
        kinds[version.contract] = version
    return [*chosen, *(one for one in _package_versions(actor, purpose) if one.contract not in kinds)]


def _package_versions(actor: Actor, purpose: str) -> list[Version]:
    """The newest usable version of each data set that the city's package brought."""
    found = Version.objects.filter(dataset__from_package=True, state=Version.State.PUBLISHED)
    newest: dict[str, Version] = {}
    for version in with_agreements(found).order_by("-number"):
        if version.contract not in newest and not why_not(actor, version, purpose):
            newest[version.contract] = version
    return list(newest.values())


def city_of(actor: Actor, version_ids: Sequence[UUID], purpose: str) -> City:
    """The city with the chosen versions in place of its package's tables.

    A table of the package whose data set the actor may not use for the purpose is left out. Raises as
    `versions_behind`, and `CityError` where the city cannot be computed with these tables.
    """
    behind = versions_behind(actor, version_ids, purpose)
    city = package()
    known = package_contracts()
    given = {
        version.contract: _checked_table(version) for version in behind if not _is_package(version, city)
    }
    without = known - {version.contract for version in behind}
    return city.with_tables(given, without=without)


def package_contracts() -> set[str]:
    """Kinds of data sets that the city's package brought."""
    return set(Dataset.objects.filter(from_package=True).values_list("contract", flat=True))


def _is_package(version: Version, city: City) -> bool:
    """Whether a version is the very table the package holds, which is in memory already."""
    report = city.reports.get(version.contract)
    dataset = version.dataset
    package = dataset is not None and dataset.from_package
    return bool(package and report and report.accepted and version.sha256 == report.file.sha256)


def _checked_table(version: Version) -> CheckedTable:
    contract = contracts(settings.ENVIRONMENT.city).get(version.contract)
    report = CheckReport.of_document(version.report, contract)
    return CheckedTable(table_of(version), report, _source(version))


def _source(version: Version) -> Source:
    agreement, published = agreement_of(version), version.published_at
    return Source(
        table=version.contract,
        title=str(version.dataset),
        owner=str(version.organisation),
        licence=agreement.licence if agreement else "",
        date=published.date().isoformat() if published else "",
        raw_file=version.file_name,
        sha256=version.sha256,
    )


def table_of(version: Version) -> pl.DataFrame:
    """The rows of a published version, from the lake."""
    assert version.dataset is not None  # noqa: S101 - published versions have one
    return lake().read(version.dataset.lake_table, version.lake_number)


def first_rows(version: Version, count: int) -> pl.DataFrame:
    """The first rows of a published version, read without the rest; for looking at, not for computing."""
    assert version.dataset is not None  # noqa: S101 - published versions have one
    stored = lake().version(version.dataset.lake_table, version.lake_number)
    return pl.read_parquet(stored.path, n_rows=count)


def package() -> City:
    """The city's package, read again only when a file of it has changed."""
    folder = Path(settings.ENVIRONMENT.city)
    files = (file for file in folder.rglob("*") if file.is_file())
    stamp = tuple(sorted((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files))
    return _read_package(folder, stamp)


@lru_cache(maxsize=1)
def _read_package(folder: Path, _stamp: tuple[tuple[str, int, int], ...]) -> City:
    return read_city(folder)


# --- lineage ----------------------------------------------------------------------------------------------


def uses_for(actor: Actor, version: Version) -> list[Use]:
    """The results a version went into that the actor may know of; for its owner, all of them."""
    uses = list(version.uses.order_by("-at"))
    if actor is SYSTEM or version.organisation_id in organisations_with(actor, SEE):
        return uses
    mine = organisations_with(actor, SEE)
    return [use for use in uses if use.person_id == actor.person_id or mine & set(use.organisation_ids)]


def _is_for_data_sets(contract: Contract) -> bool:
    return not contract.tests_only and contract.grain != "person"


def missing_kinds(actor: Actor) -> list[tuple[str, str, str]]:
    """Kinds of data a city can bring that no published version holds: name, title, who usually has it."""
    there = set(Version.objects.filter(state=Version.State.PUBLISHED).values_list("contract", flat=True))
    known = contracts(settings.ENVIRONMENT.city).values()
    wanted = [one for one in known if _is_for_data_sets(one) and one.name not in there | {"districts"}]
    named = [(one.name, _(one.title), one.owner) for one in wanted]
    return sorted(named, key=lambda kind: kind[1])


def purposes() -> list[tuple[str, str]]:
    """What data may be used for: codes and their words."""
    return list(Purpose.choices)
