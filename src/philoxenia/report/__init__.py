"""Pictures and documents made from findings: one page that works offline, a PDF, tables with HXL tags."""

from philoxenia.report.keeping import keep_findings, read_findings
from philoxenia.report.sections.front import document, headline
from philoxenia.report.types import CityFacts, Findings, ReportError, TableQuality
from philoxenia.report.write import write_report, write_tables

__all__ = [
    "CityFacts",
    "Findings",
    "ReportError",
    "TableQuality",
    "document",
    "headline",
    "keep_findings",
    "read_findings",
    "write_report",
    "write_tables",
]
