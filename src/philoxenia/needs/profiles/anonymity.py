"""What no survey may bring: people who can be told, and their immigration status."""

from functools import cache

import polars as pl

from philoxenia.exchange import load_contract
from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.spelling import key, words
from philoxenia.exchange.status import CellWatch, NotStatus, check_cells, check_headers
from philoxenia.needs.profiles.types import Spec, SurveyRefusedError

# Columns of the contract of people that tell who somebody is; a bare "id" is any table's row number.
_TELLING = (
    "given_name", "middle_name", "family_name", "full_name", "phone", "email", "address",
    "id_health", "id_city_card", "id_social", "id_school",
)  # fmt: skip
_POSITIONS = {"gps", "latitude", "longitude", "geopoint"}
_DISPLACED = {"displaced", "displacement", "idp", "idps", "returnee", "returnees"}
# With nothing but these beside it a header asks whether the household itself was displaced.
_OF_A_HOUSEHOLD = {
    "is", "was", "has", "ever", "been", "hh", "household", "head", "hoh", "respondent", "person", "status",
    "group", "population", "pop", "type", "category", "cat", "yn", "flag", "forced", "by", "q",
}  # fmt: skip
# Known questionnaires ask for citizenship under a code that no header check can know.
_CODES = {"pb220a": "citizenship (EU-SILC)", "pb220b": "citizenship (EU-SILC)"}
_BY_VALUES = ("status_values", "status_exception_void")
_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


def check_anonymous(texts: pl.DataFrame, spec: Spec, name: str) -> pl.DataFrame:
    """The columns of a survey that may stay. Raises `SurveyRefusedError` that names column and remedy.

    Columns with a known code for citizenship are left out. No value of a cell is ever repeated.
    """
    _refuse_people(texts, name)
    _refuse_status(texts, spec, name)
    _refuse_undeclared(texts, spec, name)
    return texts.drop([header for header in texts.columns if header.lower() in _CODES])


def _refuse_people(texts: pl.DataFrame, name: str) -> None:
    for header in texts.columns:
        if key(header) in _telling() or _POSITIONS & set(words(header)):
            raise SurveyRefusedError(
                f"{name}, column {header!r} can tell who a household is. A survey is profiled only without "
                "names, contacts, numbers of people and positions: delete the column and hand it in again."
            )
    mail = texts.select(pl.all().cast(pl.String).str.strip_chars().str.contains(_MAIL).any())
    found = [header for header, has in mail.row(0, named=True).items() if has] if texts.height else []
    if found:
        raise SurveyRefusedError(
            f"{name}, column {found[0]!r} holds addresses of e-mail. Delete the column and hand it in again."
        )


@cache
def _telling() -> frozenset[str]:
    columns = {column.name: column for column in load_contract("people").columns}
    return frozenset(key(said) for name in _TELLING for said in (name, *columns[name].aliases))


def _refuse_status(texts: pl.DataFrame, spec: Spec, name: str) -> None:
    ledger = Ledger()
    excused = [NotStatus(one.column, one.reason, one.decided_by) for one in spec.excused]
    check_headers(texts.columns, excused, "survey", ledger)
    rows = pl.int_range(0, texts.height, eager=True)
    watches = {header: CellWatch() for header in texts.columns}
    for header, watch in watches.items():
        watch.see(texts[header], rows)
    check_cells(watches, excused, "survey", ledger)
    refused = [finding for finding in ledger.findings() if finding.severity == "refused"]
    if refused:
        first = refused[0]
        raise SurveyRefusedError(
            f"{name}: {_without_values(first.rule, first.header)} Delete the column and hand the survey in "
            "again: nobody's immigration status is kept here. Groups are told by time in the city. If the "
            "column is about something else, say so under [[not_status]] in the spec."
        )


def _without_values(rule: str, header: str) -> str:
    by = "its values say so" if rule in _BY_VALUES else "its header says so"
    return f"column {header!r} holds immigration status: {by}."


def _refuse_undeclared(texts: pl.DataFrame, spec: Spec, name: str) -> None:
    asked = [header for header in texts.columns if _asks_of_displacement(header)]
    for header in asked:
        if header != spec.displacement:
            raise SurveyRefusedError(
                f"{name}, column {header!r} asks about displacement. That may stand in an anonymous "
                f"survey only, and only to tell groups: declare it in the spec "
                f'([displacement] column = "{header}"), or delete the column.'
            )
    if spec.displacement and spec.displacement not in texts.columns:
        raise SurveyRefusedError(
            f"{spec.where('displacement.column')}: {name} has no column {spec.displacement!r}."
        )


def _asks_of_displacement(header: str) -> bool:
    said = set(words(header))
    return bool(_DISPLACED & said) and said <= _DISPLACED | _OF_A_HOUSEHOLD
