"""Services made from the shared files of Jordan and of 211, without a database."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from philoxenia.workflows.directory import city_directory
from philoxenia_web.directory.search.documents import Document, Translated, document
from philoxenia_web.directory.shown import ShownService, Text

EMPTY: dict[str, Any] = {
    **dict.fromkeys(("alternate_name", "description", "interpretation", "eligibility", "rule"), None),
    **dict.fromkeys(("minimum_age", "maximum_age", "application", "wait", "status_statement", "alert"), None),
    "version": 1,
    "url": "",
    "email": "",
    "status": "active",
    "phones": [],
    "languages": [],
    "free": None,
    "costs": [],
    "documents": [],
    "asks_status": "unknown",
    "safe_without_papers": "unknown",
    "terms": [],
    "needs": [],
    "places": [],
    "schedules": [],
    "confidential": False,
    "checked_on": None,
    "checked_by": "",
    "source": "test",
    "licence": "",
    "synthetic": False,
    "organisation_id": "o",
    "source_url": "",
    "source_date": None,
}
_FIELDS = ShownService.__dataclass_fields__


def service(service_id: str, name: str, organisation: str = "", **values: Any) -> ShownService:
    """A service that says no more than it is told; texts are English."""
    given = {
        **EMPTY,
        **values,
        "id": service_id,
        "name": Text(name, "en"),
        "organisation": Text(organisation, "en"),
    }
    return ShownService(**{field: value for field, value in given.items() if field in _FIELDS})


def jordan(folder: Path, only: str = "") -> Iterator[tuple[str, Document]]:
    """Category and document of the Jordan services: English and Arabic, or one of them."""
    files = [folder / "services_multilingual" / f"jordan_services_{code}.json" for code in ("en", "ar")]
    english, arabic = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    for number, (one, other) in enumerate(zip(english, arabic, strict=True)):
        there, here = one["properties"], other["properties"]
        category = f"{there['activityCategory']}: {there['activityName']} | {'; '.join(there['indicators'])}"
        shown = service(
            f"j{number}",
            there["activityName"],
            there["partnerName"],
            description=Text(f"{there['activityCategory']}. {'; '.join(there['indicators'])}", "en"),
        )
        names = [Text(here["activityName"], "ar"), Text(here["activityCategory"], "ar")]
        others = [Text("; ".join(here["indicators"]), "ar"), Text(here["locationName"], "ar")]
        if only == "ar":
            shown = service(f"j{number}", "", "")
        yield category, document(shown, Translated() if only == "en" else Translated(names, others))


def two_one_one(folder: Path) -> Iterator[tuple[str, Document]]:
    """Taxonomy and document of the 211 sites: English names and terms, nothing else."""
    file = folder / "toronto" / "services" / "211_peel_york_toronto_2021.csv"
    with file.open(encoding="latin-1", newline="") as rows:
        for number, row in enumerate(csv.DictReader(rows)):
            terms = row["TaxonomyTerms"].replace("*", ";").split(";")
            told = [one.strip().split(" - ")[-1] for one in terms if one.strip()]
            shown = service(
                f"t{number}",
                row["PublicName"].strip(),
                row["ParentAgency"].strip(),
                terms=[("211", one, Text(one, "en")) for one in dict.fromkeys(told)],
            )
            yield row["TaxonomyTerms"], document(shown)


def toronto(folder: Path) -> Iterator[tuple[str, Document]]:
    """Terms and document of the city package's services; who is asked for by name counts as its own term."""
    tables = city_directory(folder).tables
    terms = {row["id"]: row["name"] for row in tables["taxonomy_term"].iter_rows(named=True)}
    of: dict[str, list[str]] = {}
    for row in tables["attribute"].iter_rows(named=True):
        of.setdefault(row["link_id"], []).append(terms[row["taxonomy_term_id"]])
    bodies = {row["id"]: row["name"] for row in tables["organization"].iter_rows(named=True)}
    for row in tables["service"].iter_rows(named=True):
        shown = service(
            row["id"],
            row["name"],
            bodies[row["organization_id"]],
            description=Text(row["description"] or "", "en"),
            eligibility=Text(row["eligibility_description"] or "", "en"),
            terms=[("services", one, Text(one, "en")) for one in of.get(row["id"], [])],
            needs=(row["needs"] or "").split(";"),
        )
        yield "; ".join([row["name"], *of.get(row["id"], [])]), document(shown)
