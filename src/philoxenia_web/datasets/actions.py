"""What is done to versions of data sets: publishing, agreements, withdrawal, use.

Answers to the check are in `answering.py` and offered here too; receiving files is in `receiving.py`, running
the check in `checking.py`.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.exchange import contracts
from philoxenia.lake import Provenance
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.datasets import queries
from philoxenia_web.datasets.answering import (
    ACCEPTED,
    MENDED,
    accept_mends,
    answer,
    choose,
    correct,
    declare_not_status,
    discard,
    locked,
    map_columns,
    put_away,
    take_back,
)
from philoxenia_web.datasets.checking import check_result
from philoxenia_web.datasets.loading import load_city
from philoxenia_web.datasets.models import Agreement, Dataset, Use, Version
from philoxenia_web.datasets.policies import PUBLISH, WITHDRAW, organisations_with
from philoxenia_web.datasets.refusals import Conflict, NotPossible

__all__ = [
    "ACCEPTED",
    "MENDED",
    "Published",
    "Terms",
    "accept_mends",
    "answer",
    "change_agreement",
    "choose",
    "correct",
    "declare_not_status",
    "describe",
    "discard",
    "load_city",
    "map_columns",
    "publish",
    "record_use",
    "take_back",
    "withdraw",
]


@dataclass(frozen=True)
class Terms:
    """What an agreement says. Without `valid_until` it holds until it is changed."""

    purposes: tuple[str, ...]
    licence: str
    valid_from: datetime.date
    valid_until: datetime.date | None = None
    everybody: bool = False
    organisations: tuple[UUID, ...] = ()
    notes: str = ""

    def plain(self) -> dict[str, Any]:
        """As the trail keeps them."""
        kept = asdict(self) | {"organisations": sorted(map(str, self.organisations))}
        until = self.valid_until.isoformat() if self.valid_until else None
        return kept | {"valid_from": self.valid_from.isoformat(), "valid_until": until}


# --- publishing -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """What publishing came to: the version, and whether its content was there before."""

    version: Version
    was_there: bool = False


def publish(
    actor: Actor,
    version_id: UUID,
    based_on: int | None,
    terms: Terms,
    *,
    title: str = "",
    description: str = "",
    newest_seen: int | None = None,
) -> Published:
    """Put a checked table into the lake under an agreement. The same content again is the version it was.

    `newest_seen` is the number of the data set's newest version when the person decided; `Conflict` is raised
    where another was published since.
    """
    with transaction.atomic():
        queries.own_version(actor, version_id)
        version = (
            Version.objects.select_for_update(no_key=True, of=("self",))
            .select_related("dataset")
            .get(pk=version_id)
        )
        check_can(actor, PUBLISH, version.organisation_id)
        if version.state == Version.State.PUBLISHED and version.published_by == actor.person_id:
            return Published(version)
        if based_on is not None and version.version != based_on:
            raise Conflict(_("Somebody else changed this hand-in meanwhile. Look at it as it is now."))
        _check_publishable(version)
        dataset = _dataset_for(actor, version, title, description)
        _check_newest(dataset, newest_seen)
        return _put(actor, version, dataset, terms)


def _check_publishable(version: Version) -> None:
    if version.state != Version.State.CHECKED or version.checked != version.wanted:
        raise NotPossible(_("The check has not finished. Publish when its report is there."))
    if version.outcome not in (ACCEPTED, MENDED):
        raise NotPossible(_("The check refused this file. Mend what the report names, then publish."))
    if version.outcome == MENDED and version.mends_accepted_at is None:
        raise NotPossible(_("Look at the mends and warnings and accept them first."))


def can_publish(version: Version) -> bool:
    """Whether its report leaves nothing to do before it is published."""
    try:
        _check_publishable(version)
    except NotPossible:
        return False
    return True


def _dataset_for(actor: Actor, version: Version, title: str, description: str) -> Dataset:
    if version.dataset_id is not None:
        dataset = Dataset.objects.select_for_update(no_key=True).get(pk=version.dataset_id)
        if dataset.contract != version.contract:
            raise NotPossible(_("This file is of another kind than the data set it was handed in for."))
        return dataset
    if not title.strip():
        raise NotPossible(_("Give the data set a title."))
    identity = uuid.uuid4()
    dataset = Dataset.objects.create(
        pk=identity,
        organisation_id=version.organisation_id,
        contract=version.contract,
        title=title.strip(),
        description=description.strip(),
        lake_table=f"{version.contract[:48]}_{identity.hex[:12]}",
        created_by=actor.person_id,
    )
    audit.record(actor, "datasets.begin", dataset, organisation_id=dataset.organisation_id)
    return dataset


def _check_newest(dataset: Dataset, newest_seen: int | None) -> None:
    newest = dataset.versions.order_by("-number").exclude(number=None).first()
    if newest_seen is not None and newest is not None and newest.number != newest_seen:
        told = {"number": newest.number}
        raise Conflict(
            _("Version %(number)s was published meanwhile. Compare with it, then decide about yours.") % told
        )


def _put(actor: Actor, version: Version, dataset: Dataset, terms: Terms) -> Published:
    table = pl.read_parquet(check_result(version) / "table.parquet")
    stored = queries.lake().put(dataset.lake_table, table, _provenance(version, dataset, terms))
    there = dataset.versions.filter(lake_number=stored.number).first()
    if there is not None:
        return _was_there(actor, version, there)
    version.dataset = dataset
    version.number = 1 + (
        dataset.versions.order_by("-number").values_list("number", flat=True).exclude(number=None).first()
        or 0
    )
    version.state = Version.State.PUBLISHED
    version.lake_number, version.content_hash = stored.number, stored.content_hash
    version.rows, version.columns = stored.rows, list(stored.columns)
    version.published_by, version.published_at = actor.person_id, timezone.now()
    version.version += 1
    version.save()
    _agree(actor, version, terms, 1)
    after = {"number": version.number, "content": version.content_hash, "agreement": terms.plain()}
    audit.record(actor, "datasets.publish", version, after=after, organisation_id=version.organisation_id)
    return Published(version)


def _was_there(actor: Actor, version: Version, there: Version) -> Published:
    if there.state == Version.State.WITHDRAWN:
        told = {"number": there.number}
        raise NotPossible(_("This is the content of version %(number)s, which was withdrawn.") % told)
    put_away(version)
    after = {"same_as": str(there.pk)}
    audit.record(
        actor, "datasets.publish_again", version, after=after, organisation_id=version.organisation_id
    )
    return Published(there, was_there=True)


def _provenance(version: Version, dataset: Dataset, terms: Terms) -> Provenance:
    contract = contracts(settings.ENVIRONMENT.city)[version.contract]
    return Provenance(
        source=f"{dataset.organisation}: {dataset.title}",
        licence=terms.licence,
        contract=contract.name,
        contract_version=contract.version,
        time=timezone.now().isoformat(timespec="seconds"),
        notes=tuple(mend["message"] for mend in version.report.get("mends", [])),
    )


def _agree(actor: Actor, version: Version, terms: Terms, number: int) -> Agreement:
    agreement = Agreement.objects.create(
        of=version,
        number=number,
        everybody=terms.everybody,
        purposes=list(terms.purposes),
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        licence=terms.licence,
        notes=terms.notes,
        made_by=actor.person_id,
    )
    agreement.organisations.set(terms.organisations)
    return agreement


def change_agreement(actor: Actor, version_id: UUID, based_on: int, terms: Terms) -> Agreement:
    """Agree anew. `based_on` is the number of the agreement that was seen; the old ones stay on record."""
    with transaction.atomic():
        version = locked(actor, version_id, None)
        check_can(actor, PUBLISH, version.organisation_id)
        held = queries.agreement_of(version)
        if version.state != Version.State.PUBLISHED or held is None:
            raise NotPossible(_("Only a published version has an agreement to change."))
        if held.number != based_on:
            raise Conflict(
                _("The agreement was changed meanwhile. Look at the one that holds now, then decide.")
            )
        agreement = _agree(actor, version, terms, held.number + 1)
        audit.record(
            actor,
            "datasets.change_agreement",
            version,
            before={"number": held.number},
            after={"number": agreement.number} | terms.plain(),
            organisation_id=version.organisation_id,
        )
        return agreement


def withdraw(actor: Actor, version_id: UUID, based_on: int | None, reason: str) -> None:
    """End every use of a version. Its rows stay in the lake; results made from it are marked."""
    if len(reason.strip()) < 5:
        raise NotPossible(_("Say why the version is withdrawn: those who used it will read it."))
    with transaction.atomic():
        version = locked(actor, version_id, based_on)
        check_can(actor, WITHDRAW, version.organisation_id)
        if version.state == Version.State.WITHDRAWN:
            return
        if version.state != Version.State.PUBLISHED:
            raise NotPossible(_("Only a published version can be withdrawn."))
        version.state, version.withdrawn_because = Version.State.WITHDRAWN, reason.strip()
        version.withdrawn_at, version.withdrawn_by = timezone.now(), actor.person_id
        version.version += 1
        version.save()
        audit.record(
            actor,
            "datasets.withdraw",
            version,
            organisation_id=version.organisation_id,
            reason=reason.strip(),
        )


def describe(actor: Actor, dataset_id: UUID, based_on: int, title: str, description: str) -> Dataset:
    """Change a data set's title and description."""
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(pk=dataset_id).first()
        if dataset is None or dataset.organisation_id not in organisations_with(actor, PUBLISH):
            raise queries.Http404
        if dataset.version != based_on:
            told = {"title": dataset.title}
            raise Conflict(
                _("Somebody else changed this data set meanwhile; its title is now “%(title)s”.") % told
            )
        before = {"title": dataset.title, "description": dataset.description}
        dataset.title, dataset.description = title.strip(), description.strip()
        dataset.version += 1
        dataset.save()
        after = {"title": dataset.title, "description": dataset.description}
        audit.record(
            actor,
            "datasets.describe",
            dataset,
            before=before,
            after=after,
            organisation_id=dataset.organisation_id,
        )
        return dataset


# --- use --------------------------------------------------------------------------------------------------


def record_use(
    actor: Actor,
    version_ids: Sequence[UUID],
    kind: str,
    object_id: UUID | str,
    title: str,
    url: str,
) -> None:
    """Note that a result was made from these versions. The same result again only renews its title."""
    mine = sorted(actor.organisations)
    with transaction.atomic():
        for version_id in dict.fromkeys(version_ids):
            Use.objects.update_or_create(
                of_id=version_id,
                kind=kind,
                object_id=str(object_id),
                defaults={"title": title[:200], "url": url},
                create_defaults={
                    "title": title[:200],
                    "url": url,
                    "organisation_ids": mine,
                    "person_id": actor.person_id,
                },
            )
        audit.record(
            actor,
            "datasets.use",
            after={"kind": kind, "object": str(object_id), "versions": [str(one) for one in version_ids]},
        )
