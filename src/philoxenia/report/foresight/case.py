"""The investment case for a funder: a whole plan or one action as a tagged PDF, and the study in a few lines.

Owns which sections there are and what stands on the first page; each section is a file of `case_*`. Sentences
are rows of texts.csv, so that a translator turns all of them. The same foresight gives the same bytes.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from philoxenia.report.foresight.case_choice import choice
from philoxenia.report.foresight.case_costs import costs, hangs_on
from philoxenia.report.foresight.case_gains import brings, built, changes, where
from philoxenia.report.foresight.case_risks import fails
from philoxenia.report.foresight.case_sources import method, sources
from philoxenia.report.foresight.facts import Facts, facts_of
from philoxenia.report.foresight.types import Foresight
from philoxenia.report.foresight.view import reader
from philoxenia.report.mark import mark
from philoxenia.report.pdf import told_section, typeset, without_idle_signs
from philoxenia.report.tokens import LIGHT
from philoxenia.report.write import write_whole

Words = Callable[[str], str] | Mapping[str, str]
# Pictures for print are drawn at this width and set as wide as the page.
_WIDTH = 600
# Tables of one section have columns of one width, so that the eye runs down them.
_WIDTHS = {"sources": (41, 26, 24, 12)}
_SECTIONS = (built, changes, brings, where, costs, choice, hangs_on, fails, method, sources)


def write_case(
    found: Foresight,
    path: Path,
    *,
    action: str | None = None,
    funder: str | None = None,
    language: str = "en",
    words: Words | None = None,
) -> None:
    """Write the investment case of the main plan, or of one action, to `path` as PDF.

    `funder`: whose share of the cost is told apart. `words` turns the English sentences of texts.csv and
    names.csv into `language` (gettext, or a mapping); without it the case is in English. Raises `ReportError`
    where the action or funder is not known or nothing can be written; nothing unfinished is left.
    """
    write_whole(Path(path), case_pdf(found, action=action, funder=funder, language=language, words=words))


def case_pdf(
    found: Foresight,
    *,
    action: str | None = None,
    funder: str | None = None,
    language: str = "en",
    words: Words | None = None,
) -> bytes:
    """The case as bytes; see `write_case`."""
    view = reader(found, language, words, _WIDTH)
    return typeset("case", _told(facts_of(found, action or "", funder or "", view)))


def _told(facts: Facts) -> dict[str, Any]:
    view, found = facts.view, facts.found
    sections = [section for make in _SECTIONS if (section := make(facts)) is not None]
    told: dict[str, Any] = {
        "tokens": LIGHT,
        "mark": mark(1.4),
        "language": view.language,
        "direction": "rtl" if view.right_to_left else "ltr",
        "kind": view.text("case.kind"),
        "city": found.city.name,
        "title": facts.title,
        "ask": facts.ask,
        "period": view.text("case.period", city=found.city.name, first=facts.first, last=facts.last),
        "version": view.text("case.version", version=found.version, seed=found.seed, futures=found.futures),
        "keys": facts.keys,
        "sections": [_aligned(told_section(section)) for section in sections],
    }
    # From right to left the signs that keep a foreign name together are never idle.
    return told if view.right_to_left else dict(without_idle_signs(told))


def _aligned(section: dict[str, Any]) -> dict[str, Any]:
    for block in section["blocks"]:
        widths = _WIDTHS.get(section["id"])
        if block["kind"] == "table" and widths:
            for column, width in zip(block["columns"], widths, strict=True):
                column["weight"] = width
    return section
