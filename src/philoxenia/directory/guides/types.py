"""A guide and its parts as frozen values, and how its texts are named.

A text goes by a key such as `police.street_check`, the same in every language.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from philoxenia.directory.eligibility import Rule

# checked: held against its source; to_confirm: that is old, undated or speaks for another; unknown: a gap.
STATUSES = ("checked", "to_confirm", "unknown")
ORIGINAL, HUMAN, MACHINE, OUTDATED = "original", "human", "machine", "outdated"


@dataclass(frozen=True)
class Source:
    """Where a statement comes from. `published` is the page's own date, where it has one."""

    id: str
    title: str
    owner: str
    address: str
    read: date
    published: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Statement:
    """One thing the guide says, with what stands behind it."""

    id: str
    text: str
    status: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Step:
    """What to do next. `find` are words for the directory, `near` a kind of place close by."""

    id: str
    title: str
    statements: tuple[Statement, ...]
    find: str = ""
    near: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a person may get, or needs, where the rule holds. `fee` is a text; `form` an address."""

    id: str
    title: str
    text: str
    rule: Rule
    raw_rule: Mapping[str, object]
    status: str
    sources: tuple[Source, ...] = ()
    fee: str = ""
    form: str = ""


@dataclass(frozen=True)
class Check:
    """Questions that a person answers for themselves, on their own device; a large one has its own page."""

    id: str
    title: str
    lead: str
    outcomes: tuple[Outcome, ...]
    order: tuple[str, ...] = ()
    own_page: bool = False

    def sources(self) -> tuple[Source, ...]:
        """Every source behind its outcomes, once."""
        return tuple(dict.fromkeys(s for one in self.outcomes for s in one.sources))


@dataclass(frozen=True)
class Account:
    """A bank account. None and empty mean: not known to us. A `generic` one is of no bank in particular."""

    id: str
    institution: str
    name: str
    monthly_fee: float | None
    minimum_balance: float | None
    transactions: str
    terms: str
    accepted: str
    languages: str
    status: str
    sources: tuple[Source, ...] = ()
    generic: bool = False


@dataclass(frozen=True)
class Guide:
    """A guide in the language it was written in."""

    id: str
    language: str
    version: int
    written: date
    check_by: date
    title: str
    lead: str
    steps: tuple[Step, ...]
    checks: tuple[Check, ...] = ()
    accounts: tuple[Account, ...] = ()
    needs: tuple[str, ...] = ()

    def texts(self) -> dict[str, str]:
        """Every text that a translator meets, by its key, in the order of the page."""
        return dict(_texts(self))

    def sources(self) -> tuple[Source, ...]:
        """Every source behind the guide's own page, once, in the order of the page."""
        said = [s for step in self.steps for one in step.statements for s in one.sources]
        asked = [s for check in self.checks if not check.own_page for s in check.sources()]
        return tuple(dict.fromkeys([*said, *asked, *(s for one in self.accounts for s in one.sources)]))


@dataclass(frozen=True)
class Translation:
    """A guide's texts in another language, each with the fingerprint of the text it was made from."""

    guide: str
    language: str
    by: str
    written: date
    texts: Mapping[str, str]
    made_from: Mapping[str, str]
    reviewed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Text:
    """A text as shown: `status` is original, human, machine or outdated."""

    text: str
    language: str
    status: str


def fingerprint(text: str) -> str:
    """Eight signs that change whenever the text does (SHA-256 of its composed form)."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:8]


def _texts(guide: Guide) -> Iterator[tuple[str, str]]:
    yield "title", guide.title
    yield "lead", guide.lead
    for step in guide.steps:
        yield f"{step.id}.title", step.title
        yield from ((f"{step.id}.{one.id}", one.text) for one in step.statements)
    for check in guide.checks:
        yield f"{check.id}.title", check.title
        yield f"{check.id}.lead", check.lead
        for one in check.outcomes:
            yield from _of_outcome(f"{check.id}.{one.id}", one)
    for account in guide.accounts:
        named = ("institution", "name") if account.generic else ()
        for name in (*named, "transactions", "terms", "accepted", "languages"):
            if text := getattr(account, name):
                yield f"{account.id}.{name}", text


def _of_outcome(key: str, outcome: Outcome) -> Iterator[tuple[str, str]]:
    yield f"{key}.title", outcome.title
    yield f"{key}.text", outcome.text
    if outcome.fee:
        yield f"{key}.fee", outcome.fee
