"""What the engine knows before any data: kinds of extracts, parameters, indicators, services."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Query, Router

from philoxenia.exchange import Contract, contracts
from philoxenia.exchange.contract import Column
from philoxenia.reference import default_parameters, reference_table
from philoxenia_web.accounts.access import SIGNED_IN
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.values import Answer, Name

router = Router(tags=["Reference"])


class ContractColumn(Answer):
    """One column that an extract of this kind holds."""

    name: str
    type: str
    meaning: str
    unit: str
    required: bool
    aliases: list[str]
    categories: list[str]
    example: str


class ContractLine(Answer):
    """One kind of extract, in a list."""

    name: str
    version: str
    title: str
    owner: str
    grain: str


class ContractDetail(ContractLine):
    """One kind of extract and its columns."""

    key: list[str]
    columns: list[ContractColumn]
    notes: list[str]


class ParameterLine(Answer):
    """A number the engine assumes: where it comes from, and between which it may be set."""

    name: str
    description: str
    unit: str
    value: float
    low: float
    high: float
    source: str
    date: str


class IndicatorLine(Answer):
    """What pressure is made of."""

    id: str
    name: str
    definition: str
    unit: str
    aspect: str
    higher_is_worse: bool
    source_table: str


class ServiceLine(Answer):
    """A service whose load is computed."""

    id: str
    name: str
    unit: str
    aspect: str


def _known_contracts() -> list[Contract]:
    known = contracts(settings.ENVIRONMENT.city).values()
    return [one for one in known if not one.tests_only]


def _line(one: Contract) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ContractLine.model_fields}


def _column(one: Column) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ContractColumn.model_fields}
    return plain | {
        "aliases": list(one.aliases),
        "categories": list(one.categories),
        "example": str(one.example),
    }


@operation(router, "GET", "/contracts", id="listContracts", permission=SIGNED_IN, answer=Page[ContractLine])
def list_contracts(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The kinds of extracts that can be handed in."""
    return page_of(request, _known_contracts(), Order(("name",)), paging, _line)


@operation(router, "GET", "/contracts/{name}", id="readContract", permission=SIGNED_IN, answer=ContractDetail)
def read_contract(request: HttpRequest, name: Name) -> Any:
    """One kind of extract: its columns, what each means and how it may be called."""
    found = next((one for one in _known_contracts() if one.name == name), None)
    if found is None:
        raise Http404
    rest = {"key": list(found.key), "notes": list(found.notes)}
    return _line(found) | rest | {"columns": [_column(one) for one in found.columns]}


@operation(
    router, "GET", "/parameters", id="listParameters", permission=SIGNED_IN, answer=Page[ParameterLine]
)
def list_parameters(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Every number the engine assumes, with its range and source. A study may set any of them otherwise."""
    rows = [default_parameters().row(name) for name in default_parameters()]
    return page_of(request, rows, Order(("name",)), paging, _parameter)


@operation(
    router, "GET", "/parameters/{name}", id="readParameter", permission=SIGNED_IN, answer=ParameterLine
)
def read_parameter(request: HttpRequest, name: Name) -> Any:
    """One parameter."""
    if name not in set(default_parameters()):
        raise Http404
    return _parameter(default_parameters().row(name))


def _parameter(row: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name != "overridden"}


@operation(
    router, "GET", "/indicators", id="listIndicators", permission=SIGNED_IN, answer=Page[IndicatorLine]
)
def list_indicators(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The indicators that pressure by aspect is made of."""
    rows = list(reference_table("indicators").iter_rows(named=True))
    return page_of(request, rows, Order(("id",)), paging, _indicator)


def _indicator(row: dict[str, str]) -> dict[str, Any]:
    plain = {name: row[name] for name in IndicatorLine.model_fields if name in row}
    return plain | {"higher_is_worse": row["direction"] == "1"}


@operation(router, "GET", "/services", id="listServices", permission=SIGNED_IN, answer=Page[ServiceLine])
def list_services(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The services whose load and gaps are computed."""
    rows = list(reference_table("services").iter_rows(named=True))
    names = tuple(ServiceLine.model_fields)
    return page_of(request, rows, Order(("id",)), paging, lambda row: {name: row[name] for name in names})
