"""Keeps immigration status out: a column that holds it is refused, by its header or by its cells.

Owns the recognition, in the languages of `status_terms.toml`, and how a false alarm is settled: by a
declaration that names the column, the reason and who decided. A declaration silences the header, never the
cells.
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import polars as pl

from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.spelling import key, listed, plain, quoted, words

# Letters that Arabic-script languages write in several ways.
_ARABIC = str.maketrans(
    {"ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ک": "ك", "ہ": "ه", "ھ": "ه", "ـ": ""}
)
_DISTINCT_KEPT = 300
_LONGEST_CELL = 80


@dataclass(frozen=True)
class NotStatus:
    """A declared false alarm: this column is not immigration status. `contract` may be `*`."""

    column: str
    reason: str
    decided_by: str = "on the command line"
    contract: str = "*"


@dataclass(frozen=True)
class _Terms:
    sure_by_length: Sequence[tuple[tuple[str, ...], tuple[str, str]]]
    depends: frozenset[tuple[str, ...]]
    strong: frozenset[str]
    weak: frozenset[str]
    long_words: tuple[str, ...]
    unless: tuple[tuple[str, ...], ...]
    counts: frozenset[str]
    yes_no: frozenset[str]
    asking: frozenset[str]
    vague: frozenset[frozenset[str]]
    ignored: frozenset[str]


def _forms(text: str, ignored: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a term as compared: no accents, articles or filler words."""
    found = []
    for word in words(text.translate(_ARABIC)):
        bare = word.removeprefix("ال") if len(word) > 4 else word
        if bare not in ignored:
            found.append(bare)
    return tuple(found)


@cache
def _terms() -> _Terms:
    raw: dict[str, Any] = tomllib.loads(
        (files("philoxenia.exchange") / "status_terms.toml").read_text(encoding="utf-8")
    )
    ignored = frozenset(_forms(" ".join(raw["ignored_words"])))
    languages = raw["languages"].values()
    sure: dict[tuple[str, ...], tuple[str, str]] = {}
    for language in languages:
        for phrase in language["sure"]:
            sure.setdefault(_forms(phrase, ignored), (phrase, language["name"]))
    return _Terms(
        sure_by_length=sorted(sure.items(), key=lambda item: -len("".join(item[0]))),
        depends=frozenset(
            _forms(phrase, ignored) for language in languages for phrase in language["depends"]
        ),
        strong=frozenset(" ".join(_forms(v, ignored)) for language in languages for v in language["strong"]),
        weak=frozenset(" ".join(_forms(v, ignored)) for language in languages for v in language["weak"]),
        long_words=tuple(
            sorted({word for phrase in sure for word in phrase if len(word) >= 9 and word.isascii()})
        ),
        unless=tuple(_forms(phrase) for phrase in raw["unless"]),
        counts=frozenset(raw["counts"]),
        yes_no=frozenset(plain(word) for word in raw["yes_no"]),
        asking=frozenset(plain(word) for word in raw["asking"]),
        vague=frozenset(frozenset(_forms(word)) for word in raw["vague"]),
        ignored=ignored,
    )


@lru_cache(maxsize=4096)
def _repaired(word: str) -> str:
    """A long word that is one slip away from a term becomes that term: `imigration` is immigration."""
    terms = _terms()
    if len(word) < 8 or word in terms.long_words or not word.isascii():
        return word
    for known in terms.long_words:
        if abs(len(known) - len(word)) <= 2 and SequenceMatcher(None, word, known).ratio() >= 0.88:
            return known
    return word


def _holds(header: Sequence[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words of the phrase stand in the header, in any order and at most one other word between
    them.
    """
    if not set(phrase) <= set(header):
        return False
    wanted = Counter(phrase)
    window = len(phrase) + (1 if len(phrase) > 1 else 0)
    return any(not wanted - Counter(header[i : i + window]) for i in range(len(header)))


@lru_cache(maxsize=4096)
def _has_no_spaces(text: str) -> bool:
    return any("CJK" in unicodedata.name(c, "") or "HANGUL" in unicodedata.name(c, "") for c in text)


@lru_cache(maxsize=4096)
def header_term(header: str) -> tuple[str, str] | None:
    """The term that makes a header one of immigration status, and its language; None where there is none."""
    terms = _terms()
    found = list(_forms(header, terms.ignored))
    if any(_holds(found, phrase) for phrase in terms.unless) or terms.counts & set(found) or "%" in header:
        return None
    return _term_in(found) or _term_in([_repaired(word) for word in found])


def _term_in(found: Sequence[str]) -> tuple[str, str] | None:
    joined = "".join(found)
    for phrase, told in _terms().sure_by_length:
        together = "".join(phrase)
        inside = _has_no_spaces(together) or (len(found) == 1 and len(together) >= 8)
        if _holds(found, phrase) or (inside and together in joined):
            return told
    return None


@lru_cache(maxsize=4096)
def header_depends(header: str) -> bool:
    """Whether a header may be about status, so that its cells decide: `refugee` with yes and no is, with
    412 is not.
    """
    terms = _terms()
    found = _forms(header, terms.ignored)
    if any(_holds(found, phrase) for phrase in terms.unless) or terms.counts & set(found) or "%" in header:
        return False
    return any(found == phrase or _holds(found, phrase) for phrase in terms.depends)


@lru_cache(maxsize=16384)
def _cell_kind(cell: str) -> str:
    """`strong` or `weak` where a cell names a status, else ''."""
    terms = _terms()
    found = _forms(cell, terms.ignored)
    text = " ".join(found)
    singular = " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found)
    if text in terms.strong or singular in terms.strong:
        return "strong"
    if text in terms.weak or singular in terms.weak:
        return "weak"
    for start in range(len(found)):
        for end in range(start + 2, min(start + 6, len(found)) + 1):
            if " ".join(found[start:end]) in terms.strong:
                return "strong"
    return ""


@dataclass
class CellWatch:
    """Counts the distinct cells of one column while it is read; gives up on columns with very many."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: dict[str, int] = field(default_factory=dict)
    filled: int = 0
    given_up: bool = False

    def see(self, text: pl.Series, rows: pl.Series) -> None:
        """Take in one batch."""
        if self.given_up:
            return
        frame = pl.DataFrame({"t": text, "r": rows}).filter(pl.col("t").is_not_null() & (pl.col("t") != ""))
        grouped = frame.group_by("t", maintain_order=True).agg(pl.len().alias("n"), pl.col("r").min())
        if grouped.height > _DISTINCT_KEPT:
            self.given_up = True
            return
        for value, count, row in grouped.iter_rows():
            self.counts[value] += count
            self.rows.setdefault(value, row)
            self.filled += count
        self.given_up = len(self.counts) > _DISTINCT_KEPT

    def status_cells(self, header: str) -> list[tuple[int, str]]:
        """First row and value of each cell that names a status, if the column as a whole holds status; else
        none.
        """
        if self.given_up or not self.filled:
            return []
        kinds = {value: _cell_kind(value) for value in self.counts if len(value) <= _LONGEST_CELL}
        named = {value: kind for value, kind in kinds.items() if kind}
        if not _is_status(named, self.counts, self.filled, header_depends(header)):
            return []
        return sorted((self.rows[value], value) for value in named)

    def yes_no(self) -> bool:
        """Whether the cells only say yes or no."""
        return (
            bool(self.counts)
            and not self.given_up
            and {plain(value) for value in self.counts} <= _terms().yes_no
        )

    def share(self, values: Iterable[str]) -> float:
        """The share of filled cells that hold one of these values."""
        return sum(self.counts[value] for value in values) / self.filled if self.filled else 0.0


def _is_status(named: Mapping[str, str], counts: Counter[str], filled: int, hinted: bool) -> bool:
    strong = [value for value, kind in named.items() if kind == "strong"]
    share = sum(counts[value] for value in named) / filled
    if strong:
        strong_share = sum(counts[value] for value in strong) / filled
        return (
            share >= 0.5 or (len(strong) >= 2 and strong_share >= 0.05) or (hinted and strong_share >= 0.02)
        )
    # Short codes such as PR mean many things; only together and nearly alone do they mean status.
    return len({key(value) for value in named}) >= 2 and share >= (0.6 if hinted else 0.9)


def check_headers(
    headers: Iterable[str], exceptions: Sequence[NotStatus], contract: str, ledger: Ledger
) -> None:
    """Refuse headers of immigration status, unless the column was declared a false alarm."""
    for header in headers:
        found = header_term(header)
        if found is not None and _exception(header, exceptions, contract) is None:
            ledger.find("status_column", header, count=1, word=quoted(found[0]), language=found[1])


def _exception(header: str, exceptions: Sequence[NotStatus], contract: str) -> NotStatus | None:
    named = (e for e in exceptions if key(e.column) == key(header) and e.contract in ("*", contract))
    return next(named, None)


def check_cells(
    watches: Mapping[str, CellWatch], exceptions: Sequence[NotStatus], contract: str, ledger: Ledger
) -> None:
    """Refuse columns whose cells are status words, declared false alarms included."""
    for header, watch in watches.items():
        if ledger.has("status_column", header):
            continue
        cells = watch.status_cells(header)
        exception = _exception(header, exceptions, contract)
        if cells:
            share = watch.share(value for _, value in cells)
            shown = listed([quoted(value) for _, value in cells[:3]])
            rule = "status_values" if exception is None else "status_exception_void"
            reason = exception.reason if exception else ""
            ledger.find(rule, header, cells, value=shown, share=share, reason=reason)
        elif exception is not None:
            term = header_term(header) or (header, "")
            details: dict[str, Any] = {
                "word": quoted(term[0]),
                "reason": exception.reason,
                "decided_by": exception.decided_by,
            }
            ledger.find("status_exception", header, count=1, **details)
        elif _asks_of_a_person(header) and watch.yes_no():
            ledger.find(
                "status_column",
                header,
                count=1,
                word=quoted(plain(header)),
                language="with yes and no below it",
            )


def _asks_of_a_person(header: str) -> bool:
    """Whether a header asks if somebody has a status: `is_refugee` does, `legal_documents` does not."""
    terms = _terms()
    asked = frozenset(_forms(header, terms.ignored)) - terms.asking
    return asked not in terms.vague and any(asked == frozenset(phrase) for phrase in terms.depends)
