"""From the entries of a file to a guide: steps, statements, checks, accounts, sources."""

from collections.abc import Mapping
from datetime import date

from philoxenia.directory.eligibility import RuleError, decision_tree, question, read_rule
from philoxenia.directory.eligibility.questions import QuestionError
from philoxenia.directory.guides.entries import Entries
from philoxenia.directory.guides.types import (
    STATUSES,
    Account,
    Check,
    Guide,
    Outcome,
    Source,
    Statement,
    Step,
)
from philoxenia.reference import reference_table

_NEVER = date(1, 1, 1)
_GUIDE = ("version", "date", "check_by", "title", "lead", "needs", "step", "check", "account")
_OUTCOME = ("id", "title", "text", "rule", "status", "sources", "fee", "form")
_ACCOUNT = (
    *("id", "institution", "name", "monthly_fee", "minimum_balance", "transactions", "terms", "accepted"),
    *("languages", "status", "sources", "generic"),
)
Sources = Mapping[str, Source]


def read_source(name: str, entries: Entries) -> Source | None:
    """A source; None after a fault."""
    before = len(entries.faults)
    entries.only(("title", "owner", "address", "read", "published", "note"))
    made = Source(
        id=name,
        title=entries.text("title"),
        owner=entries.text("owner"),
        address=entries.address("address"),
        read=entries.day("read") or _NEVER,
        published=entries.day("published", needed=False),
        note=entries.text("note", needed=False),
    )
    return made if len(entries.faults) == before else None


def read_guide(name: str, language: str, entries: Entries, sources: Sources) -> Guide:
    """A guide; what is wrong is kept in the entries' faults."""
    entries.only(_GUIDE)
    needs = entries.names("needs", needed=False)
    known = set(reference_table("needs")["code"])
    for need in needs:
        if need not in known:
            entries.wrong(f"{need} is not a need of reference/tables/needs.csv", "needs")
    guide = Guide(
        id=name,
        language=language,
        version=entries.whole("version"),
        written=entries.day("date") or _NEVER,
        check_by=entries.day("check_by") or _NEVER,
        title=entries.text("title"),
        lead=entries.text("lead"),
        steps=tuple(_step(part, sources) for part in entries.tables("step", needed=True)),
        checks=tuple(_check(part, sources) for part in entries.tables("check")),
        accounts=tuple(_account(part, sources) for part in entries.tables("account")),
        needs=needs,
    )
    _once(guide, entries)
    return guide


def _once(guide: Guide, entries: Entries) -> None:
    """Steps, checks and accounts share one set of ids: translations name texts by them."""
    ids = [
        *(one.id for one in guide.steps),
        *(one.id for one in guide.checks),
        *(one.id for one in guide.accounts),
    ]
    for name in sorted({one for one in ids if ids.count(one) > 1 and one}):
        entries.wrong(f"two parts have the id {name}; give each its own")


def _step(entries: Entries, sources: Sources) -> Step:
    entries.only(("id", "title", "find", "near", "says"))
    return Step(
        id=entries.name(),
        title=entries.text("title"),
        statements=tuple(_statement(part, sources) for part in entries.tables("says", needed=True)),
        find=entries.text("find", needed=False),
        near=entries.text("near", needed=False),
    )


def _statement(entries: Entries, sources: Sources) -> Statement:
    entries.only(("id", "text", "status", "sources"))
    status, behind = _behind(entries, sources)
    return Statement(entries.name(), entries.text("text"), status, behind)


def _behind(entries: Entries, sources: Sources) -> tuple[str, tuple[Source, ...]]:
    """The status of a statement and its sources; only a gap may have none."""
    status = entries.raw.get("status")
    if status not in STATUSES:
        entries.wrong(f"status must be one of {', '.join(STATUSES)}; found {str(status)[:60]!r}", "status")
    names = entries.names("sources", needed=False)
    for name in names:
        if name not in sources:
            entries.wrong(f"the source {name} is not in sources.toml", "sources")
    if not names and status != "unknown":
        entries.wrong("no source; name one of sources.toml, or give the status unknown and say whom to ask")
    return str(status), tuple(sources[name] for name in names if name in sources)


def _check(entries: Entries, sources: Sources) -> Check:
    entries.only(("id", "title", "lead", "order", "own_page", "outcome"))
    outcomes = [_outcome(part, sources) for part in entries.tables("outcome", needed=True)]
    check = Check(
        id=entries.name(),
        title=entries.text("title"),
        lead=entries.text("lead"),
        outcomes=tuple(one for one in outcomes if one),
        order=_order(entries),
        own_page=entries.raw.get("own_page") is True,
    )
    try:
        decision_tree({one.id: one.rule for one in check.outcomes}, check.order)
    except RuleError as fault:
        entries.wrong(str(fault).rstrip("."))
    return check


def _order(entries: Entries) -> tuple[str, ...]:
    order = entries.names("order", needed=False)
    for name in order:
        try:
            question(name)
        except QuestionError as fault:
            entries.wrong(str(fault).rstrip("."), "order")
    return order


def _outcome(entries: Entries, sources: Sources) -> Outcome | None:
    entries.only(_OUTCOME)
    status, behind = _behind(entries, sources)
    raw = entries.raw.get("rule")
    try:
        rule = read_rule(raw)
    except RuleError as fault:
        entries.wrong(str(fault).rstrip("."), "rule")
        return None
    return Outcome(
        id=entries.name(),
        title=entries.text("title"),
        text=entries.text("text"),
        rule=rule,
        raw_rule=raw,
        status=status,
        sources=behind,
        fee=entries.text("fee", needed=False),
        form=entries.address("form", needed=False),
    )


def _account(entries: Entries, sources: Sources) -> Account:
    entries.only(_ACCOUNT)
    status, behind = _behind(entries, sources)
    return Account(
        id=entries.name(),
        institution=entries.text("institution"),
        name=entries.text("name"),
        monthly_fee=entries.amount("monthly_fee"),
        minimum_balance=entries.amount("minimum_balance"),
        transactions=entries.text("transactions", needed=False),
        terms=entries.text("terms", needed=False),
        accepted=entries.text("accepted", needed=False),
        languages=entries.text("languages", needed=False),
        status=status,
        sources=behind,
        generic=entries.raw.get("generic") is True,
    )
