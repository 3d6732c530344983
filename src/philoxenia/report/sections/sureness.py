"""How sure are we? What the intervals hold, and what no interval can hold."""

from philoxenia.report.document import Part, Points, Section, Text
from philoxenia.report.sections.backtest import backtest_answer
from philoxenia.report.types import Findings
from philoxenia.report.words import period_name

_LIMITS = (
    "An interval holds what can be learnt from the past. A border that closes, a war that begins or a rule that changes can "
    "fall outside of it: use the trigger points of your plan, not the middle figure, for such days.",
    "Pressure is a composite: its score depends on which indicators are in it and how they are weighed. That is why a band "
    "and a range of ranks stand beside each score, and why there is no score for the whole city.",
    "Figures by district describe places, not the persons in them.",
    "Reach is reckoned as the crow flies with a detour, not along streets and lines; size and quality of a place are known "
    "only where a table gives them.",
    "Newcomers are told by the time since they came. The engine knows no immigration status and no field for one.",
    "Gaps depend on rates of use taken from the literature or assumed; each is a row in the table of parameters and can be "
    "replaced by the city's own.",
)


def sureness(findings: Findings) -> Section:
    """The section on limits."""
    parts = [Part("sure-limits", "What these figures do not mean", (Points(_LIMITS),))]
    if findings.notes:
        parts.append(Part("sure-notes", "What the engine noticed on the way", (Points(findings.notes),)))
    return Section("sure", "How sure are we?", _answer(findings), tuple(parts), (Text(_reading()),))


def _answer(findings: Findings) -> str:
    held = backtest_answer(findings)
    oldest = _oldest(findings)
    return " ".join(
        sentence for sentence in (held or "The forecasts could not be tried on the past.", oldest) if sentence
    )


def _oldest(findings: Findings) -> str:
    dated = [(table.date, table.title) for table in findings.quality if table.date]
    if not dated:
        return ""
    date, title = min(dated)
    return f"The oldest table behind this report is {title} ({period_name(date)})."


def _reading() -> str:
    return (
        "4,900 (4,100 to 6,000) means: in eight of ten futures the number lies from 4,100 to 6,000; in one of ten it is lower, "
        "in one of ten higher. The futures are drawn at random with a fixed seed, so the same data give the same report."
    )
