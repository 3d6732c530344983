"""Who may use a version, for what, until when."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import Field

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.api.operations import operation
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.values import Answer, Body, Day, Id, Name, Text
from philoxenia_web.datasets import actions, queries
from philoxenia_web.datasets.policies import PUBLISH, SEE

router = Router(tags=["Data sets"])
Purpose = Literal["planning", "forecasting", "delivery", "evaluation", "research", "publication"]


class AgreementDetail(Answer):
    """The agreement that holds. Earlier ones stay on record."""

    number: int
    everybody: bool
    organisation_ids: list[UUID]
    purposes: list[str]
    valid_from: date
    valid_until: date | None
    licence: str
    notes: str


class AgreementTerms(Body):
    """What is agreed. Without `valid_until` it holds until it is changed."""

    purposes: list[Purpose] = Field(min_length=1, max_length=6)
    licence: Name
    valid_from: Day
    valid_until: Day | None = None
    everybody: bool = False
    organisation_ids: list[Id] = Field(default_factory=list, max_length=200)
    notes: Text = Field("", max_length=5000)

    def terms(self) -> actions.Terms:
        """As the action takes them."""
        return actions.Terms(
            purposes=tuple(dict.fromkeys(self.purposes)),
            licence=self.licence,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            everybody=self.everybody,
            organisations=tuple(self.organisation_ids),
            notes=self.notes,
        )


def shown_agreement(one: Any) -> dict[str, Any] | None:
    """An agreement as the interface tells of it."""
    if one is None:
        return None
    plain = {name: getattr(one, name) for name in AgreementDetail.model_fields if hasattr(one, name)}
    return plain | {"organisation_ids": sorted(place.pk for place in one.organisations.all())}


@operation(
    router,
    "GET",
    "/versions/{version_id}/agreement",
    id="readAgreement",
    permission=SEE,
    answer=AgreementDetail,
)
def read_agreement(request: HttpRequest, version_id: Id) -> Any:
    """The agreement under which a version may be used."""
    held = queries.agreement_of(queries.version_for(actor_of(request), version_id))
    if held is None:
        raise Http404
    return shown_agreement(held)


@operation(
    router,
    "PUT",
    "/versions/{version_id}/agreement",
    id="changeAgreement",
    permission=PUBLISH,
    answer=AgreementDetail,
    changes=read_agreement,
)
def change_agreement(request: HttpRequest, version_id: Id, body: AgreementTerms) -> Any:
    """Agree anew. The agreement before stays on record, and results made under it stay."""
    current = read_agreement(request, version_id)
    check_organisations(body)
    actions.change_agreement(actor_of(request), version_id, current["number"], body.terms())
    return read_agreement(request, version_id)


def check_organisations(body: AgreementTerms) -> None:
    """422 for an organisation that is not there, or an end before the beginning."""
    known = set(organisations().filter(pk__in=body.organisation_ids).values_list("pk", flat=True))
    errors = []
    if set(body.organisation_ids) - known:
        errors.append({"pointer": "/organisation_ids", "detail": "Name organisations that are there."})
    if body.valid_until is not None and body.valid_until < body.valid_from:
        errors.append({"pointer": "/valid_until", "detail": "The end comes after the beginning."})
    if errors:
        raise Problem("refused", errors=errors)
