"""The interface of HSDS 3.1: https://docs.openreferral.org/en/3.1/hsds/api_reference.html"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from philoxenia_web.directory import nesting, rows
from philoxenia_web.directory.hsds import describing, finding, package
from philoxenia_web.directory.hsds.answering import answer, envelope, lines, public
from philoxenia_web.directory.hsds.asking import Asked, asked
from philoxenia_web.directory.hsds.problems import not_found

VERSION = "3.1"
Shown = list[dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of record: how it is chosen, and how it is shown in a list and by itself."""

    choose: Callable[[Asked], finding.Chosen]
    show: Callable[[Sequence[UUID], Asked, bool], Shown]


def _services(ids: Sequence[UUID], asked: Asked, full: bool) -> Shown:
    if asked.minimal and not full:
        found = rows.by_id("service", ids)
        told = [nesting.fields("service", found[one]) for one in ids if one in found]
        return [{"id": one["id"], "modified_date": one["last_modified"]} for one in told]
    return nesting.services(ids, full=full)


def _services_at(ids: Sequence[UUID], _asked: Asked, full: bool) -> Shown:
    return nesting.services_at(ids, full=full)


def _organizations(ids: Sequence[UUID], asked: Asked, full: bool) -> Shown:
    made = nesting.organizations(ids, full=full)
    if full or asked.full_service:
        _add_services(made, asked.full_service)
    return made


def _add_services(made: Shown, full: bool) -> None:
    """Services of organisations: their ids, names and states, or all of them."""
    for one in made:
        chosen = finding.services(Asked(organization_id=UUID(one["id"])))
        ids = [key for batch in finding.batches(chosen) for key in batch]
        told = nesting.services(ids, full=full)
        keep = ("id", "name", "status", "last_modified")
        one["services"] = told if full else [{name: service[name] for name in keep} for service in told]


def _table(name: str) -> Callable[[Sequence[UUID], Asked, bool], Shown]:
    def show(ids: Sequence[UUID], _asked: Asked, _full: bool) -> Shown:
        found = rows.by_id(name, ids)
        return nesting.plain(name, (found[one] for one in ids if one in found))

    return show


SERVICES = Kind(finding.services, _services)
SERVICES_AT = Kind(finding.services_at, _services_at)
ORGANIZATIONS = Kind(finding.organizations, _organizations)
TAXONOMIES = Kind(finding.taxonomies, _table("taxonomy"))
TERMS = Kind(finding.terms, _table("taxonomy_term"))


def listing(kind: Kind, then: Callable[[HttpRequest, Shown], Shown] = lambda _, made: made) -> Any:
    """The view of a list; `then` fits records to a profile."""

    @public(methods="both")
    def view(request: HttpRequest) -> HttpResponseBase:
        wanted = asked(request)
        chosen = kind.choose(wanted)
        if wanted.format == "ndjson":
            return lines(_each(request, kind, chosen, wanted, then))
        page = finding.page(chosen, wanted)
        shown = then(request, kind.show(page.ids, wanted, wanted.full))
        return answer(request, envelope(shown, page.total, wanted.page, wanted.per_page))

    return view


def _each(
    request: HttpRequest, kind: Kind, chosen: finding.Chosen, wanted: Asked, then: Callable[..., Shown]
) -> Iterator[dict[str, Any]]:
    for ids in finding.batches(chosen):
        yield from then(request, kind.show(ids, wanted, wanted.full))


def single(kind: Kind, then: Callable[[HttpRequest, Shown], Shown] = lambda _, made: made) -> Any:
    """The view of one record."""

    @public
    def view(request: HttpRequest, key: str) -> HttpResponseBase:
        wanted = asked(request)
        known = _uuid(key)
        chosen = kind.choose(replace(Asked(), full=True))
        if not finding.only(chosen, known):
            raise not_found()
        made = then(request, kind.show([known], replace(wanted, minimal=False), True))
        if not made:
            raise not_found()
        return answer(request, made[0])

    return view


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise not_found() from None


@public
def about(request: HttpRequest) -> HttpResponseBase:
    """What this interface is."""
    where = request.build_absolute_uri
    return answer(
        request,
        {
            "version": VERSION,
            "profile": where(reverse("hsds-profile")),
            "openapi_url": where(reverse("hsds-openapi")),
            "description": "Services for newcomers and residents. Confidential sites are never told.",
            "package_url": where(reverse("hsds-package")),
        },
    )


@public
def profile(request: HttpRequest) -> HttpResponseBase:
    """What we add to HSDS, field by field."""
    return answer(request, describing.profile())


@public
def openapi(request: HttpRequest) -> HttpResponseBase:
    """The interface described for programs."""
    return answer(request, describing.openapi(request.build_absolute_uri(reverse("hsds")), VERSION))


@public
def bulk(request: HttpRequest) -> HttpResponseBase:
    """Everything at once, as a tabular data package."""
    return package.response(request)


services, service = listing(SERVICES), single(SERVICES)
services_at, service_at = listing(SERVICES_AT), single(SERVICES_AT)
organizations, organization = listing(ORGANIZATIONS), single(ORGANIZATIONS)
taxonomies, taxonomy = listing(TAXONOMIES), single(TAXONOMIES)
terms, term = listing(TERMS), single(TERMS)
