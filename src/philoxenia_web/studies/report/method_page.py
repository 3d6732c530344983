"""How was it done? The steps, parameters with the changed ones marked, and every file to take away."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.reference import Parameter, reference_table
from philoxenia.report.words import packaged_rows
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.queries import result_folder
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.downloads import tables_in
from philoxenia_web.studies.report.figures import drawn
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.reading import Reading
from philoxenia_web.ui import numbers


def page(reading: Reading, study: Study, _request: HttpRequest) -> Page:
    """Method, parameters, downloads."""
    rows = [reading.findings.parameters.row(name) for name in sorted(reading.findings.parameters)]
    changed = [row for row in rows if row.overridden]
    described = {row["table"]: row["description"] for row in packaged_rows("tables")}
    context = {
        "study": study,
        "steps": [names.text(row["text"]) for row in packaged_rows("method")],
        "changed": [_parameter(row) for row in changed],
        "topics": [
            (title, [_parameter(row) for row in rows if row.name.startswith(f"{topic}.")])
            for topic, title in _topics().items()
        ],
        "words": [(names.text(row["word"]), names.text(row["meaning"])) for row in packaged_rows("glossary")],
        "literature": [row["text"] for row in packaged_rows("sources")],
        "downloads": [
            (name, names.text(described.get(name, ""))) for name in tables_in(result_folder(study))
        ],
        "facts": _facts(reading, study),
    }
    return Page(sentences.say(_("How was it done?")), _lead(rows, changed), drawn("method", context))


def _topics() -> dict[str, str]:
    return {"needs": _("Pressure today"), "arrivals": _("Who may come"), "scenarios": _("Load and gaps")}


def _lead(rows: list[Parameter], changed: list[Parameter]) -> SafeString:
    if changed:
        return sentences.say(
            _(
                "{changed} of {all} parameters were changed. The same data, parameters, seed and version "
                "give the same result."
            ),
            changed=len(changed),
            all=len(rows),
        )
    return sentences.say(
        _(
            "All {all} parameters are at their default. The same data, parameters, seed and version "
            "give the same result."
        ),
        all=len(rows),
    )


def _facts(reading: Reading, study: Study) -> list[tuple[str, Any]]:
    return [
        (_("Seed"), str(reading.findings.seed)),
        (_("Months ahead"), numbers.whole(study.horizon)),
        (_("Version"), sentences.say("Philoxenia {version}", version=reading.findings.version)),
        (_("Result"), sentences.bdi(study.result_hash[:16])),
        (_("Finished"), numbers.when(study.finished_at)),
    ]


def _parameter(row: Parameter) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": names.text(row.description),
        "value": numbers.number(row.value, 4),
        "exact": numbers.exact(row.value),
        "low": numbers.number(row.low),
        "high": numbers.number(row.high),
        "unit": names.text(row.unit),
        "source": names.told(row.source),
        "date": row.date,
        "changed": row.overridden,
    }


def rates_of(service: str) -> list[dict[str, Any]]:
    """The rates of use behind a service's load, each with its range and source."""
    rows = reference_table("service_rates").iter_rows(named=True)
    return [
        {
            "description": names.text(row["description"]),
            "rate": numbers.number(float(row["rate"]), 4),
            "low": numbers.number(float(row["low"])),
            "high": numbers.number(float(row["high"])),
            "unit": names.unit(row["unit"]),
            "source": names.told(row["source"]),
            "date": row["date"],
        }
        for row in rows
        if row["service"] == service
    ]
