"""A foresight in a page of Markdown: what pays back, who gains and loses, where it fails, what warns."""

from collections.abc import Iterator

from philoxenia.report.foresight.case_risks import latest, rule_words, signs_of, threshold, watch
from philoxenia.report.foresight.charts import dividend_words, ranking, ranking_words, spreads
from philoxenia.report.foresight.facts import Facts, facts_of
from philoxenia.report.foresight.future_charts import box_words, frames
from philoxenia.report.foresight.types import Foresight
from philoxenia.report.foresight.view import View, reader
from philoxenia.report.words import sentence_case

_WIDTH = 600
_MOST = 3


def summary_of(found: Foresight) -> str:
    """The study as Markdown in English: plan, actions by net dividend, gains, failures, warning signs."""
    view = reader(found, "en", None, _WIDTH)
    facts = facts_of(found, "", "", view)
    return "\n".join(_lines(facts, view)).strip() + "\n"


def _lines(facts: Facts, view: View) -> Iterator[str]:
    found = facts.found
    yield f"# {view.text('summary.title', city=found.city.name)}\n"
    yield facts.ask + "\n"
    rows = ranking(found, view)
    ranked = ranking_words(rows, view) if rows else []
    yield from _part(view.text("summary.ranking"), ranked, numbered=True)
    yield from _part(view.text("summary.gains"), _gains(facts, view))
    yield from _part(view.text("summary.fails"), _failures(facts, view))
    yield from _part(view.text("summary.signs"), [_sign(row, facts, view) for row in signs_of(facts)[:_MOST]])
    yield view.text(
        "summary.seed",
        futures=found.futures,
        first=facts.first,
        last=facts.last,
        seed=found.seed,
        version=found.version,
        currency=found.city.currency,
        rate=view.percent(found.rate),
    )


def _part(title: str, items: list[str], numbered: bool = False) -> Iterator[str]:
    if items:
        yield f"## {title}\n"
        yield from (item if numbered else f"- {item}" for item in items)
        yield ""


def _gains(facts: Facts, view: View) -> list[str]:
    rows = spreads(facts.found, facts.subject, view)
    return [] if facts.is_empty or not rows else dividend_words(rows, view)


def _failures(facts: Facts, view: View) -> list[str]:
    rows = [row for row in facts.found["failures"].iter_rows(named=True) if row["plan"] == facts.subject]
    told = [
        view.text(
            "fails.answer",
            rule=rule_words(row["rule"], view),
            futures=view.futures(row["share_failing"]),
            without=view.futures(row["share_failing_without"]),
        )
        for row in rows[:1]
    ]
    return told + [box_words(box, view) for box in frames(facts.found, facts.subject, view)[:_MOST]]


def _sign(row: dict[str, object], facts: Facts, view: View) -> str:
    said = view.text(
        "summary.sign" if row["action"] else "summary.sign_bare",
        watch=watch(row, view),
        threshold=f"{threshold(row, view)} {row['unit']}",
        action=view.name(str(row["action"])),
        month=latest(row, facts.found.months, view),
    )
    return sentence_case(said)
