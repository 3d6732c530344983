"""The city's own package becomes data sets, so that a fresh installation has something to work with."""

import uuid

from django.db import connection, transaction
from django.utils import timezone

from philoxenia.exchange import CheckReport, City
from philoxenia.lake import Provenance
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.datasets import queries
from philoxenia_web.datasets.models import Agreement, Dataset, Purpose, Version

# Any number of our own: two processes that start at once load one after the other.
_LOCK = 7_405_116


def load_city(actor: Actor) -> list[Dataset]:
    """Every table of the city's package as a published, open data set. Twice changes nothing."""
    city = queries.package()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        owner, _ = Organisation.objects.get_or_create(
            name=city.name, defaults={"kind": Organisation.Kind.DEPARTMENT}
        )
        accepted = {name: report for name, report in city.reports.items() if name in city.tables}
        return [_load(actor, city, owner, name, report) for name, report in sorted(accepted.items())]


def _load(actor: Actor, city: City, owner: Organisation, name: str, report: CheckReport) -> Dataset:
    identity = uuid.uuid4()
    source = city.sources.get(name)
    title = report.contract.title if report.contract else name.replace("_", " ")
    dataset, _ = Dataset.objects.get_or_create(
        contract=name,
        from_package=True,
        defaults={
            "pk": identity,
            "organisation": owner,
            "title": title,
            "description": " ".join((source.title, source.note)).strip() if source else "",
            "lake_table": f"{name[:48]}_{identity.hex[:12]}",
        },
    )
    licence = source.licence if source else ""
    stored = queries.lake().put(dataset.lake_table, report.table, _provenance(report, owner, title, licence))
    if not dataset.versions.filter(lake_number=stored.number).exists():
        version = _version(dataset, report, stored.number, stored.content_hash)
        _open_agreement(version, licence)
        audit.record(actor, "datasets.load", version, organisation_id=owner.pk, after={"table": name})
    return dataset


def _provenance(report: CheckReport, owner: Organisation, title: str, licence: str) -> Provenance:
    contract = report.contract
    return Provenance(
        source=f"{owner}: {title}",
        licence=licence,
        contract=contract.name if contract else "",
        contract_version=contract.version if contract else "",
        time=timezone.now().isoformat(timespec="seconds"),
        notes=tuple(mend.message for mend in report.mends),
    )


def _version(dataset: Dataset, report: CheckReport, lake_number: int, content: str) -> Version:
    newest = dataset.versions.exclude(number=None).order_by("-number").first()
    return Version.objects.create(
        organisation_id=dataset.organisation_id,
        dataset=dataset,
        number=(newest.number or 0) + 1 if newest else 1,
        state=Version.State.PUBLISHED,
        file_name=report.file.name,
        size=report.file.size,
        sha256=report.file.sha256,
        checked=1,
        outcome=report.outcome.words,
        contract=dataset.contract,
        rows=report.table.height,
        columns=report.table.columns,
        report=report.document(),
        checked_at=timezone.now(),
        lake_number=lake_number,
        content_hash=content,
        published_at=timezone.now(),
    )


def _open_agreement(version: Version, licence: str) -> None:
    Agreement.objects.create(
        of=version,
        number=1,
        everybody=True,
        purposes=list(Purpose.values),
        valid_from=queries.today(),
        licence=licence,
    )
