"""Which data stand behind it? Each table with source, licence, date, mends and warnings; what is missing."""

import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report import TableQuality
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.figures import drawn, period
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.reading import Reading
from philoxenia_web.ui import numbers

_YEAR = re.compile(r"\b(?:19|20)\d\d")


def page(reading: Reading, study: Study, _request: HttpRequest) -> Page:
    """All tables, the oldest named first in the answer."""
    findings = reading.findings
    inputs = {one.table: one for one in study.inputs.all()}
    tables = [
        _table(one, inputs.get(one.table)) for one in sorted(findings.quality, key=lambda one: one.table)
    ]
    context = {
        "tables": tables,
        "missing": [
            (_("Data"), names.said(findings, findings.missing, "data")),
            (_("Pressure today"), names.said(findings, findings.missing, "today")),
            (_("Who may come"), names.said(findings, findings.missing, "arrivals")),
            (_("Load and gaps"), names.said(findings, findings.missing, "load")),
        ],
        "notes": [names.told(one) for one in findings.notes],
    }
    context["missing"] = [(words, told) for words, told in context["missing"] if told]
    title = sentences.say(_("Which data stand behind this, and how good are they?"))
    return Page(title, _lead(reading), drawn("quality", context))


def _lead(reading: Reading) -> SafeString:
    quality = reading.findings.quality
    if not quality:
        return sentences.say(_("Nothing is recorded about the tables."))
    told = [
        sentences.say(
            _(
                "{tables} tables with {rows} rows from {owners} owners; {mended} were mended where a "
                "rule allowed it."
            ),
            tables=len(quality),
            rows=numbers.whole(sum(one.rows for one in quality)),
            owners=len({one.owner for one in quality if one.owner}),
            mended=sum(1 for one in quality if one.mended),
        )
    ]
    dated = [(max(years), one) for one in quality if (years := _YEAR.findall(one.date))]
    if dated:
        year, oldest = min(dated, key=lambda pair: pair[0])
        title = sentences.bdi(oldest.title or oldest.table)
        told.append(sentences.say(_("The oldest speaks of {year}: {title}."), year=year, title=title))
    return sentences.joined(told)


def _table(one: TableQuality, used: Any) -> dict[str, Any]:
    return {
        "id": one.table,
        "anchor": f"table-{one.table}",
        "fold": _folded(one),
        "title": one.title or names.table(one.table),
        "owner": one.owner,
        "licence": one.licence,
        "date": _dates(one.date),
        "rows": one.rows,
        "raw_file": one.raw_file,
        "mended": [names.told(text) for text in one.mended],
        "warnings": [names.told(text) for text in one.warnings],
        "note": names.told(one.note) if one.note else "",
        "version": _version(used),
    }


def _dates(text: str) -> SafeString:
    """Periods in words, each keeping its own direction."""
    return format_html_join("; ", "<bdi>{}</bdi>", ((period(part.strip()),) for part in text.split(";")))


def _folded(one: TableQuality) -> SafeString:
    """The line a table's mends hide under."""
    minded = len(one.warnings) + bool(one.note)
    return sentences.say(
        _("{title}: {mended} mended, {minded} to mind"),
        title=sentences.bdi(one.title or names.table(one.table)),
        mended=len(one.mended),
        minded=minded,
    )


def _version(used: Any) -> SafeString:
    """A link to the version of the data set that was used, where it came from one."""
    if used is None or used.dataset_version_id is None:
        return SafeString("")
    here = reverse("version", args=[used.dataset_version_id])
    return format_html('<a href="{}">{}</a>', here, _("Version and what uses it"))
