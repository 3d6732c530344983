"""What a steward answers to a check: choices, corrections, acceptance of mends, giving up."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.datasets import queries
from philoxenia_web.datasets.checking import defer_check
from philoxenia_web.datasets.models import Version
from philoxenia_web.datasets.policies import HAND_IN
from philoxenia_web.datasets.refusals import Conflict, NotPossible

ACCEPTED, MENDED = "accepted", "accepted with mends"


def locked(actor: Actor, version_id: UUID, based_on: int | None) -> Version:
    """The version, held until the transaction ends. Raises `Conflict` where it is not what was seen."""
    queries.own_version(actor, version_id)
    # "of" leaves the joined rows free: an outer join cannot be locked.
    version = (
        Version.objects.select_for_update(no_key=True, of=("self",))
        .select_related("dataset")
        .get(pk=version_id)
    )
    if based_on is not None and version.version != based_on:
        raise Conflict(
            _("Somebody else changed this hand-in meanwhile. Look at it as it is now, then decide.")
        )
    return version


# --- answers to the check ---------------------------------------------------------------------------------


def answer(
    actor: Actor, version_id: UUID, based_on: int | None, verb: str, change: Callable[[Any], None]
) -> None:
    """Change what the steward says of a file and have it checked again."""
    with transaction.atomic():
        version = locked(actor, version_id, based_on)
        check_can(actor, HAND_IN, version.organisation_id)
        if version.state not in (Version.State.CHECKING, Version.State.CHECKED):
            raise NotPossible(_("This version is published; hand in the corrected file as a new version."))
        before = _counted(version.answers)
        change(version.answers)
        version.wanted += 1
        version.state = Version.State.CHECKING
        version.mends_accepted_at = version.mends_accepted_by = None
        version.version += 1
        version.save()
        audit.record(
            actor,
            f"datasets.{verb}",
            version,
            before=before,
            after=_counted(version.answers),
            organisation_id=version.organisation_id,
        )
        defer_check(version)


def _counted(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as the trail keeps them: corrections may hold what a cell said, so only their number."""
    return {name: len(said) if isinstance(said, list | dict) else said for name, said in answers.items()}


def choose(actor: Actor, version_id: UUID, based_on: int | None, chosen: dict[str, str]) -> None:
    """Say what the check could not know: kind, sheet, member, order of dates."""
    allowed = {"contract", "sheet", "member", "dates"}
    answer(
        actor,
        version_id,
        based_on,
        "choose",
        lambda said: said.update({name: text for name, text in chosen.items() if name in allowed}),
    )


def map_columns(
    actor: Actor, version_id: UUID, based_on: int | None, columns: dict[str, str], contract: str
) -> None:
    """Say which of the file's columns is which of the contract's; '' leaves a column unread."""
    answer(
        actor,
        version_id,
        based_on,
        "map_columns",
        lambda said: said.update(columns=columns, contract=contract),
    )


def declare_not_status(
    actor: Actor, version_id: UUID, based_on: int | None, column: str, reason: str
) -> None:
    """Say why a column is not immigration status. The reason stays with the version."""
    if len(reason.strip()) < 10:
        raise NotPossible(_("Say in a sentence why this column is not about immigration status."))

    def change(said: dict[str, Any]) -> None:
        said["not_status"] = {**said.get("not_status", {}), column: reason.strip()}

    answer(actor, version_id, based_on, "declare_not_status", change)


def correct(
    actor: Actor, version_id: UUID, based_on: int | None, corrections: Sequence[dict[str, Any]]
) -> None:
    """Add corrections to the list beside the untouched file; the last one of a cell counts."""

    def change(said: dict[str, Any]) -> None:
        known = {_place(one): one for one in said.get("corrections", [])}
        said["corrections"] = list((known | {_place(one): one for one in corrections}).values())

    answer(actor, version_id, based_on, "correct", change)


def take_back(actor: Actor, version_id: UUID, based_on: int | None, places: Sequence[int]) -> None:
    """Take corrections off the list, by their position; the file says again what it said."""

    def change(said: dict[str, Any]) -> None:
        gone = set(places)
        said["corrections"] = [one for i, one in enumerate(said.get("corrections", [])) if i not in gone]

    answer(actor, version_id, based_on, "take_back", change)


def _place(correction: dict[str, Any]) -> tuple[Any, ...]:
    if correction["kind"] == "value":
        return ("value", correction["column"], correction["before"])
    return (correction["kind"], correction.get("row"), correction.get("column"))


def accept_mends(actor: Actor, version_id: UUID, based_on: int | None) -> None:
    """Agree to what the check changed and warned of; publishing asks for it."""
    with transaction.atomic():
        version = locked(actor, version_id, based_on)
        check_can(actor, HAND_IN, version.organisation_id)
        if version.state != Version.State.CHECKED or version.outcome != MENDED:
            raise NotPossible(_("There is nothing to accept: wait for the check, or mend the file first."))
        version.mends_accepted_at, version.mends_accepted_by = timezone.now(), actor.person_id
        version.version += 1
        version.save()
        audit.record(actor, "datasets.accept_mends", version, organisation_id=version.organisation_id)


def discard(actor: Actor, version_id: UUID, based_on: int | None) -> None:
    """Give up a hand-in that was not published. Its file is deleted by the clean-up."""
    with transaction.atomic():
        version = locked(actor, version_id, based_on)
        check_can(actor, HAND_IN, version.organisation_id)
        if version.state not in (Version.State.CHECKING, Version.State.CHECKED):
            raise NotPossible(_("A published version is withdrawn, not discarded."))
        put_away(version)
        audit.record(actor, "datasets.discard", version, organisation_id=version.organisation_id)


def put_away(version: Version) -> None:
    """Mark a hand-in as given up."""
    version.state, version.version = Version.State.DISCARDED, version.version + 1
    version.save()
