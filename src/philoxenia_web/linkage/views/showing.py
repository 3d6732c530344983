"""Tables of an agreement's page: who signed, which lists are there."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.accounts.queries import names_of
from philoxenia_web.linkage import queries
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.queries import all_lists_of
from philoxenia_web.ui.tables import Column, Table

State = PersonList.State


def signatures_table(request: HttpRequest, agreement: Agreement) -> Table:
    """Each department and its signature of the present terms."""
    signed = queries.signatures_of(agreement)
    people = names_of({one.signature.person_id for one in signed if one.signature})
    rows = [
        {
            "organisation": one.organisation,
            "state": (_("Signed"), "success") if one.signature else (_("Not yet signed"), "waiting"),
            "person": people.get(one.signature.person_id, "") if one.signature else "",
            "at": one.signature.at if one.signature else None,
        }
        for one in signed
    ]
    return Table(
        "signatures",
        [
            Column("organisation", _("Department"), kind="name"),
            Column("state", _("Consent"), kind="status", sort=False),
            Column("person", _("Signed by"), kind="name"),
            Column("at", _("When"), kind="when"),
        ],
        rows=rows,
        request=request,
        caption=_("Who takes part, and who signed"),
        download=False,
        narrow="cards",
    )


def lists_table(request: HttpRequest, agreement: Agreement, mine: frozenset[UUID]) -> Table:
    """The lists under an agreement; of other departments only those handed in."""
    rows = [
        {
            "organisation": str(one.organisation),
            "href": _page(agreement, one, mine),
            "state": state_of(one),
            "check": outcome_of(one),
            "rows": one.rows if one.checked else None,
            "at": one.handed_in_at,
        }
        for one in all_lists_of(agreement.pk)
        if one.organisation_id in mine or one.state == State.HANDED_IN
    ]
    return Table(
        "lists",
        [
            Column("organisation", _("Department"), kind="name"),
            Column("state", _("State"), kind="status", sort=False),
            Column("check", _("Check"), kind="status", sort=False),
            Column("rows", _("Rows"), kind="whole"),
            Column("at", _("Handed in"), kind="when"),
        ],
        rows=rows,
        request=request,
        caption=_("Lists handed in"),
        empty=_("No list has been handed in yet."),
        download=False,
        narrow="cards",
    )


def _page(agreement: Agreement, one: PersonList, mine: frozenset[UUID]) -> str:
    if one.organisation_id not in mine:
        return ""
    if one.state == State.RECEIVING:
        return reverse("linkage-lists", args=[agreement.pk])
    return reverse("linkage-list", args=[agreement.pk, one.pk])


def state_of(one: PersonList) -> tuple[str, str]:
    """A list's state in words, with its sign; every list of an ended agreement is gone."""
    if one.key.destroyed_at:
        return (_("Deleted with the key"), "info")
    return {
        State.RECEIVING: (_("On its way"), "waiting"),
        State.CHECKING: (_("Being checked"), "waiting"),
        State.CHECKED: (_("Checked, not handed in"), "attention"),
        State.HANDED_IN: (_("Handed in"), "success"),
        State.REPLACED: (_("Replaced, deleted"), "info"),
        State.WITHDRAWN: (_("Withdrawn, deleted"), "info"),
    }.get(State(one.state), ("", "info"))


def outcome_of(one: PersonList) -> tuple[str, str]:
    """What the check came to."""
    if not one.checked:
        return ("", "info")
    return {
        "accepted": (_("As it should be"), "success"),
        "accepted with mends": (_("With mends"), "attention"),
        "unreadable": (_("Could not be read"), "problem"),
    }.get(one.outcome, (_("Refused"), "problem"))


def summary(one: PersonList) -> str:
    """The outcome of a check in one sentence."""
    findings = one.report.get("findings", [])
    refused = sum(entry["severity"] == "refused" for entry in findings)
    told = {"rows": f"{one.rows:,}", "mends": len(one.report.get("mends", []))}
    if one.outcome == "accepted":
        return (
            ngettext(
                "The list is as it should be: %(rows)s person, nothing to change.",
                "The list is as it should be: %(rows)s people, nothing to change.",
                one.rows,
            )
            % told
        )
    if one.outcome == "accepted with mends":
        return (
            _("The list can be taken: %(rows)s rows, %(mends)s kinds of mend. Look at them, then hand it in.")
            % told
        )
    if one.outcome == "unreadable":
        return _("The list could not be read.")
    return ngettext(
        "%(count)s thing must be changed before the list can be taken.",
        "%(count)s things must be changed before the list can be taken.",
        refused,
    ) % {"count": refused}
