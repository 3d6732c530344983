"""A release: a spec and a table become figures that may leave, or a sentence that says why not.

In this order: columns about persons are refused, sensitive figures found, the method applied, everything
attacked together with the ledger's earlier releases, the ledger written, and only then the files.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from philoxenia.disclosure.figures import figures_of
from philoxenia.disclosure.ledger import Entry, Writing, writing
from philoxenia.disclosure.protecting import Before, check_zeros, hide, is_whole, least_hidden, shown_where
from philoxenia.disclosure.release.checking import Checked, ReleaseRefused, check_release
from philoxenia.disclosure.release.knowledge import Published, published_of
from philoxenia.disclosure.release.noise import noisy_release
from philoxenia.disclosure.release.persons import refuse_persons
from philoxenia.disclosure.release.spec import NOISE, ROUND, Spec, SpecError
from philoxenia.disclosure.rounding import NEAREST, reach_of_rounding, rounded, secret_mark
from philoxenia.disclosure.sensitive import EARLIER, SMALL, sensitive, widths
from philoxenia.disclosure.types import DisclosureError, Figures, Flags, Floats
from philoxenia.exchange.spelling import key

SHOWN, WITHHELD = "shown", "withheld"


@dataclass(frozen=True)
class Release:
    """What may leave: `frame` for readers, `receipt` for machines, both free of what was hidden."""

    spec: Spec
    frame: pl.DataFrame
    receipt: Mapping[str, Any]


@dataclass(frozen=True)
class _Made:
    """A protected table before it is checked: for readers, for the attacker, and what had to be protected."""

    frame: pl.DataFrame
    published: Published
    sensitive: Flags
    widths: Floats


def release(table: pl.DataFrame, spec: Spec, ledger: Path | None = None, *, secret: bytes = b"") -> Release:
    """The release of a table of counts, checked against every earlier one in the ledger, and entered there.

    `secret` (16 bytes or more) is what rounding is drawn under. The same table, spec and secret again give
    the same figures and no second entry. Raises `ReleaseRefused` where a figure could be worked out,
    `PersonalColumnError` for columns about persons, `DisclosureError` for tables and specs that do not fit.
    """
    _check_columns(table, spec)
    with writing(ledger) if ledger else nullcontext() as book:
        entries = book.entries if book else []
        if spec.method == NOISE:
            frame, content, facts = noisy_release(table, spec, entries)
        else:
            frame, content, facts = _exact(table, spec, entries, secret)
        entry = _enter(content, book)
    return Release(spec, frame, _receipt(spec, frame, facts, entry, ledger))


def _check_columns(table: pl.DataFrame, spec: Spec) -> None:
    numbers = frozenset(filter(None, (spec.measure, spec.base, spec.contributors, *spec.largest)))
    refuse_persons(table, numbers)
    named = {*spec.keys, *numbers, *(name for margin in spec.margins for name in margin)}
    if missing := sorted(named - set(table.columns)):
        raise SpecError(
            f"The spec of {spec.table} names the column {missing[0]!r}, which the table lacks. "
            f"It has: {', '.join(table.columns)}."
        )


def _exact(
    table: pl.DataFrame, spec: Spec, entries: Sequence[Entry], secret: bytes
) -> tuple[pl.DataFrame, dict[str, Any], dict[str, Any]]:
    earlier = _earlier(spec, entries)
    made = _rounded(table, spec, secret) if spec.method == ROUND else _hidden(table, spec, earlier)
    _refuse_unknown_overlap(spec, made.published, earlier)
    mark = secret_mark(secret) if spec.method == ROUND and spec.how != NEAREST else ""
    content = {**_facts(spec), **made.published.content(), "secret": mark}
    # The same release again tells nothing new: it need not be compared with itself.
    others = [(label, one) for label, one, kept in earlier if kept != content]
    _refuse_other_secret(spec, mark, [kept for _, _, kept in earlier])
    shown = frozenset(
        label for label, _, kept in earlier if spec.changes == "show" and kept["date"] != spec.date
    )
    checked = check_release(
        made.published,
        others,
        made.sensitive,
        made.widths,
        minimum=spec.rules.minimum,
        changes_shown=shown,
    )
    return made.frame, content, _told(checked)


def _earlier(spec: Spec, entries: Sequence[Entry]) -> list[tuple[str, Published, Mapping[str, Any]]]:
    return [
        (
            f"{e.content['table']} of {e.content['date']} (entry {e.number})",
            published_of(e.content),
            e.content,
        )
        for e in entries
        if e.content.get("kind") == "release" and key(e.content["about"]) == key(spec.about)
    ]


def _hidden(
    table: pl.DataFrame, spec: Spec, earlier: Sequence[tuple[str, Published, Mapping[str, Any]]]
) -> _Made:
    rules = spec.rules
    figures = figures_of(table, spec.keys, spec.measure, spec.margins)
    check_zeros(table, spec.keys, rules)
    whole = is_whole(figures.atoms) and not spec.largest
    plain = Published(
        spec.table,
        spec.keys,
        spec.several,
        figures.rows[: len(figures.atoms)].drop("margin"),
        spec.margins,
        spec.parts,
        figures.values,
        figures.values,
        whole,
    )
    before, names = _before(plain, figures, [one for _, one, _ in earlier])
    why = sensitive(figures, table, rules)
    again = np.array([plain.name_of(i) in names for i in range(len(why))]) & (why == "").to_numpy()
    why = pl.Series("why", np.where(again, EARLIER, why.to_list()), dtype=pl.String)
    try:
        hidden = hide(figures, table, spec.keys, why, rules, before)
    except DisclosureError as fault:
        raise ReleaseRefused(f"Table {spec.table}: {fault}") from fault
    least = least_hidden(rules, whole)
    low = np.where(hidden, least if whole else 0.0, figures.values)
    high = np.where(hidden, np.inf, figures.values)
    flags = hidden & (why != "").to_numpy() & ~again
    frame = shown_where(figures, table, spec.measure, why, hidden)
    return _Made(_public(frame, spec), replace(plain, low=low, high=high), flags, widths(figures, rules))


def _before(plain: Published, figures: Figures, earlier: Sequence[Published]) -> tuple[Before, set[str]]:
    """Earlier figures over the same cells, where these have the same counts, and the names of those
    hidden.
    """
    place = {atom[0]: i for i, atom in enumerate(plain.atoms) if len(atom) == 1}
    blocks, is_open, names = [], [], set()
    for release in earlier:
        cells = [[place.get(atom, -1) for atom in cell] for cell in release.atoms]
        same_keys = sorted(release.keys) == sorted(plain.keys)
        if not same_keys or len(place) < len(plain.atoms) or any(min(cell) < 0 for cell in cells):
            continue
        rows = [row for row, cell in enumerate(cells) for _ in cell]
        columns = [atom for cell in cells for atom in cell]
        expand = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(cells), len(place)))
        members = release.figures.members @ expand
        opened = release.high - release.low <= 0
        if np.abs((members @ figures.atoms - release.low)[opened]).max(initial=0.0) > 0:
            continue
        blocks.append(members)
        is_open.append(opened)
        names |= {release.name_of(int(i)) for i in np.flatnonzero(release.hidden)}
    if not blocks:
        empty = sparse.csr_matrix((0, len(figures.atoms)))
        return Before(empty, np.zeros(0, dtype=bool)), set()
    return Before(sparse.vstack(blocks, format="csr"), np.concatenate(is_open)), names


def _rounded(table: pl.DataFrame, spec: Spec, secret: bytes) -> _Made:
    base = spec.rounding_base
    frame = rounded(table, spec.keys, spec.measure, seed=secret, base=base, kept=spec.margins, how=spec.how)
    figures = figures_of(table, spec.keys, spec.measure, spec.margins)
    below, above = reach_of_rounding(spec.how, base)
    cells = frame[SHOWN].to_numpy()[: len(figures.atoms)].astype(np.float64)
    low, high = np.maximum(cells - below, 0.0), cells + above
    published = Published(
        spec.table,
        spec.keys,
        spec.several,
        figures.rows[: len(figures.atoms)].drop("margin"),
        spec.margins,
        spec.parts,
        np.asarray(figures.members @ low),
        np.asarray(figures.members @ high),
        True,
    )
    # Controlled rounding tells of every margin that it lies near too.
    if spec.how == "controlled":
        shown = frame[SHOWN].to_numpy().astype(np.float64)
        published = replace(
            published,
            low=np.maximum(published.low, shown - below),
            high=np.minimum(published.high, shown + above),
        )
    flags = (sensitive(figures, table, spec.rules) == SMALL).to_numpy()
    asked = np.minimum(widths(figures, spec.rules), float(below + above) / 2)
    limits = frame.with_columns(low=pl.Series(published.low), high=pl.Series(published.high))
    # A cell listed with 0 beside empty ones that are not listed would tell that somebody is in it.
    is_cell = pl.int_range(pl.len()) < len(figures.atoms)
    limits = limits.with_columns(pl.col("low", "high").cast(pl.Int64)).filter(~is_cell | (pl.col(SHOWN) > 0))
    return _Made(_public(limits, spec), published, flags, asked)


def _public(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """What readers get: names of groups, the figure, its bounds where rounded, a mark where withheld."""
    named = dict.fromkeys([*spec.keys, *(name for margin in spec.margins for name in margin)])
    bounds = [name for name in ("low", "high") if name in frame.columns]
    mark = pl.when(pl.col(SHOWN).is_null()).then(pl.lit(WITHHELD)).otherwise(pl.lit("")).alias("note")
    public = frame.select(*named, "margin", pl.col(SHOWN).alias(spec.measure), *bounds, mark)
    return public.with_columns(pl.lit(spec.date).alias("date"), pl.lit(spec.unit).alias("unit"))


def _facts(spec: Spec) -> dict[str, Any]:
    return {
        "kind": "release",
        "about": spec.about,
        "date": spec.date,
        "purpose": spec.purpose,
        "method": spec.method,
        "measure": spec.measure,
    }


def _told(checked: Checked) -> dict[str, Any]:
    return {
        "attacked_figures": checked.attacked,
        "recoverable_figures": checked.recoverable,
        "least_interval_width": checked.least_width,
        "attacked_together_with": list(checked.together_with),
        "compared_with": list(checked.compared_with),
    }


def _refuse_unknown_overlap(
    spec: Spec, new: Published, earlier: Sequence[tuple[str, Published, Mapping[str, Any]]]
) -> None:
    """Categories that may overlap those of an earlier release cannot be checked until somebody says how."""
    for label, before, _ in earlier:
        for column in sorted(set(new.keys) & set(before.keys) - set(spec.distinct)):
            now, then = (_categories(one, column) for one in (new, before))
            if now <= then or then <= now:
                continue
            strange = sorted(now - then)[0]
            raise ReleaseRefused(
                f"Table {spec.table}: {column} {strange!r} is not in {label}, which has others. If they "
                f"overlap, say under [parts.{column}] which basic categories each is made of; if they never "
                f'do, add distinct = ["{column}"] to the spec.'
            )


def _categories(release: Published, column: str) -> set[str]:
    at = sorted(release.keys).index(column)
    return {atom[at] for cell in release.atoms for atom in cell}


def _refuse_other_secret(spec: Spec, mark: str, earlier: Sequence[Mapping[str, Any]]) -> None:
    if mark and any(kept["secret"] not in ("", mark) and kept["date"] == spec.date for kept in earlier):
        raise ReleaseRefused(
            f"Table {spec.table}: {spec.about} of {spec.date} was rounded under another secret before. Two "
            "draws can be averaged: use the same secret."
        )


def _enter(content: Mapping[str, Any], book: Writing | None) -> Entry | None:
    if book is None:
        return None
    known = next((entry for entry in book.entries if entry.content == content), None)
    return known or book.add(content)


def _receipt(
    spec: Spec, frame: pl.DataFrame, facts: Mapping[str, Any], entry: Entry | None, ledger: Path | None
) -> dict[str, Any]:
    minimum = spec.rules.minimum
    return {
        "format": "philoxenia-release/1",
        "table": spec.table,
        "about": spec.about,
        "date": spec.date,
        "purpose": spec.purpose,
        "method": spec.method,
        "minimum": minimum,
        "figures": frame.height,
        "withheld_figures": int((frame["note"] == WITHHELD).sum()),
        **facts,
        "ledger_entry": entry.number if entry else None,
        "ledger_seal": entry.seal if entry else None,
        "ledger": ledger.name if ledger else None,
    }
