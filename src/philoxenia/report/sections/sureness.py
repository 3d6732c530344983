"""How sure are we? What the intervals hold, and what no interval can hold."""

import re

from philoxenia.report.document import Part, Points, Section, Text
from philoxenia.report.sections.backtest import backtest_answer
from philoxenia.report.types import Findings
from philoxenia.report.words import prose

_LIMITS = 6
_YEAR = re.compile(r"\b(?:19|20)\d\d")


def sureness(findings: Findings) -> Section:
    """The section on limits."""
    parts = [
        Part(
            "sure-limits",
            "What these figures do not mean",
            (Points(tuple(prose(f"sure.limit_{number}") for number in range(1, _LIMITS + 1))),),
        )
    ]
    if findings.notes:
        parts.append(Part("sure-notes", "What the engine noticed on the way", (Points(findings.notes),)))
    return Section(
        "sure", "How sure are we?", _answer(findings), tuple(parts), (Text(prose("sure.reading")),)
    )


def _answer(findings: Findings) -> str:
    held = backtest_answer(findings)
    oldest = _oldest(findings)
    return " ".join(
        sentence for sentence in (held or "The forecasts could not be tried on the past.", oldest) if sentence
    )


def _oldest(findings: Findings) -> str:
    dated = [(max(years), table.title) for table in findings.quality if (years := _YEAR.findall(table.date))]
    if not dated:
        return ""
    year, title = min(dated)
    return f"The oldest table behind this report speaks of {year}: {title}."
