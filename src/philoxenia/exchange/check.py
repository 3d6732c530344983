"""Checks one file against a contract and says what its owner must change. Writes nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia.exchange.contract import Contract, contracts, load_contract
from philoxenia.exchange.corrections import Correction, Corrector, read_corrections
from philoxenia.exchange.files import FileFacts, Opened, open_file, tables_inside
from philoxenia.exchange.grids import LongTable
from philoxenia.exchange.layouts import LAYOUTS
from philoxenia.exchange.ledger import Finding, Ledger
from philoxenia.exchange.outcome import CheckReport, Outcome
from philoxenia.exchange.places import Places, read_places
from philoxenia.exchange.problems import DeclarationError, UnreadableFileError
from philoxenia.exchange.reading import Reader, Seen, match_long, tell_personal, tell_shape
from philoxenia.exchange.recognise import (
    Match,
    Recognition,
    best_match,
    looks_like_data,
    missing_hint,
    recognise,
    with_columns,
    with_headers,
)
from philoxenia.exchange.rules import MENDS, ROW, RULES, Context, RuleFunction
from philoxenia.exchange.rules.rows import check_key, drop_repeats
from philoxenia.exchange.single_people import lists_single_people
from philoxenia.exchange.spelling import listed, quoted
from philoxenia.exchange.status import CellWatch, NotStatus, check_cells, check_headers
from philoxenia.exchange.survey import damaged_rows
from philoxenia.exchange.unrecognised import describe_unknown
from philoxenia.vocabulary import PhiloxeniaError


@dataclass(frozen=True)
class _Asked:
    """What the caller says of a file besides where it is."""

    contract: Contract | None
    places: Places | None
    exceptions: Sequence[NotStatus]
    order: str
    columns: Mapping[str, str]
    corrections: Sequence[Correction]
    name: str
    progress: Callable[[int], None] | None
    seen: Seen | None

    @property
    def folder(self) -> Path | None:
        return self.places.folder if self.places else None


def check_file(
    path: str | Path,
    contract: str | Contract | None = None,
    city: str | Path | Places | None = None,
    *,
    sheet: str = "",
    member: str = "",
    dates: str = "",
    not_status: Mapping[str, str] | None = None,
    decided_by: str = "on the command line",
    columns: Mapping[str, str] | None = None,
    corrections: Iterable[Mapping[str, Any] | Correction] = (),
    name: str = "",
    progress: Callable[[int], None] | None = None,
    seen: Seen | None = None,
) -> CheckReport:
    """Check a file, of the kind `contract` or of the kind it is recognised as, against the districts of
    `city`.

    `dates` is `day-first` or `month-first` for short dates nothing else settles; `not_status` gives columns
    that are not immigration status, with the reason. `columns` says which header is which column of the
    contract ('' for none), `corrections` what is put right beside the file (`corrections.py`), `name` what
    its owner calls it; `progress` is told how many rows were read, `seen` is shown their text. A faulty file
    is a report, never an exception; raises `DeclarationError` for a contract or option not there, and
    `UnreadableFileError` for a city that cannot be read.
    """
    path = Path(path)
    places = read_places(Path(city)) if isinstance(city, str | Path) else city
    if dates not in ("", "day-first", "month-first"):
        raise DeclarationError(f"dates is {dates!r}; it must be day-first or month-first.")
    folder = places.folder if places else None
    chosen = load_contract(contract, folder) if isinstance(contract, str) else contract
    exceptions = [NotStatus(column, reason, decided_by) for column, reason in (not_status or {}).items()]
    exceptions += list(places.not_status) if places else []
    asked = _Asked(
        chosen,
        places,
        exceptions,
        dates.removesuffix("-first"),
        columns or {},
        read_corrections(corrections),
        name,
        progress,
        seen,
    )
    try:
        inside = [] if member else tables_inside(path)
    except UnreadableFileError as fault:
        return _unreadable(path, str(fault), asked.name)
    if inside:
        parts = [_check_one(path, asked, sheet, name) for name in inside]
        return _bundle(path, parts, asked.name)
    return _check_one(path, asked, sheet, member)


def _check_one(path: Path, asked: _Asked, sheet: str, member: str) -> CheckReport:
    called = f"{asked.name or path.name}/{member}" if member else asked.name
    try:
        opened = open_file(path, sheet, member)
        recognition = _recognise(opened, asked, called)
        opened, recognition = _fitting_sheet(path, opened, recognition, asked, called)
        fits = recognition.chosen is not None and recognition.chosen.complete
        if not fits and _grain(recognition) != "person" and lists_single_people(opened.head):
            return _about_people(opened)
        if recognition.chosen is None:
            return _unrecognised(opened, recognition, asked.exceptions)
        return _Check(opened, recognition, asked).report()
    except UnreadableFileError as fault:
        return _unreadable(path, str(fault), called)


def _recognise(opened: Opened, asked: _Asked, called: str) -> Recognition:
    if called:
        opened.facts = replace(opened.facts, name=called)
    if asked.contract is None:
        return recognise(opened.head, opened.facts, contracts(asked.folder).values())
    match = best_match(with_headers(asked.contract, asked.columns), opened.head)
    if match.how == "header":
        match = with_columns(match, asked.columns)
    return Recognition(replace(match, contract=asked.contract), "certain: you named it", ())


def _fitting_sheet(
    path: Path, opened: Opened, recognition: Recognition, asked: _Asked, called: str
) -> tuple[Opened, Recognition]:
    """The sheet of a workbook that fits a contract, where the first filled one does not."""
    fits = recognition.chosen is not None and recognition.chosen.complete
    if fits or opened.sheet_given:
        return opened, recognition
    for sheet in opened.facts.other_sheets:
        other = open_file(path, sheet)
        found = _recognise(other, asked, called)
        if found.chosen is not None and found.chosen.complete:
            other.chosen_among = len(opened.facts.other_sheets) + 1
            return other, found
    return opened, recognition


def _bundle(path: Path, parts: Sequence[CheckReport], name: str) -> CheckReport:
    """One report over the tables of an archive; the gravest outcome is that of the whole."""
    gravity = [Outcome.ACCEPTED, Outcome.MENDED, Outcome.NOT_RECOGNISED, Outcome.UNREADABLE, Outcome.REFUSED]
    worst = max((part.outcome for part in parts), key=gravity.index)
    facts = FileFacts(name or path.name, "archive", path.stat().st_size, parts[0].file.sha256)
    return CheckReport(worst, facts, rows=sum(part.rows for part in parts), parts=tuple(parts))


def _unreadable(path: Path, message: str, name: str = "") -> CheckReport:
    facts = FileFacts(name or path.name, "", path.stat().st_size if path.is_file() else 0, "")
    if name:
        # A stored file has a name of the store's own, which says nothing to the one who handed it in.
        message = message.replace(str(path), name).replace(path.name, name)
    finding = Finding("unreadable", "refused", "", "", 1, (), message, "")
    return CheckReport(Outcome.UNREADABLE, facts, findings=(finding,))


def _grain(recognition: Recognition) -> str:
    return recognition.chosen.contract.grain if recognition.chosen is not None else ""


def _about_people(opened: Opened) -> CheckReport:
    """The report on a list of persons that is of no kind known: it repeats no header and no cell."""
    ledger = Ledger(opened.facts.row_word)
    ledger.find("list_of_people")
    return CheckReport(Outcome.REFUSED, opened.facts, findings=ledger.findings())


def _unrecognised(opened: Opened, recognition: Recognition, exceptions: Sequence[NotStatus]) -> CheckReport:
    ledger = Ledger(opened.facts.row_word)
    headers = opened.head.row(0) if opened.head.cells.height else []
    if sum(1 for cell in headers if cell.strip()) > 1:
        _look_for_status(opened, headers, exceptions, ledger)
    refused = any(
        finding.rule.startswith("status") and finding.severity == "refused" for finding in ledger.findings()
    )
    message, remedy = describe_unknown(opened, recognition)
    unknown = Finding("not_recognised", "refused", "", "", 1, (), message, remedy)
    outcome = Outcome.REFUSED if refused else Outcome.NOT_RECOGNISED
    return CheckReport(outcome, opened.facts, findings=(*ledger.findings(), unknown))


def _look_for_status(
    opened: Opened, headers: list[str], exceptions: Sequence[NotStatus], ledger: Ledger
) -> None:
    """Look for immigration status in a table of no known kind: its header and its first rows."""
    check_headers(headers, exceptions, "*", ledger)
    cells = opened.head.cells.slice(1)
    rows = pl.int_range(
        opened.head.first_row + 1, opened.head.first_row + 1 + cells.height, dtype=pl.UInt32, eager=True
    )
    watches = {header: CellWatch() for header in headers if header.strip()}
    for place, header in enumerate(headers):
        if header.strip():
            watches[header].see(cells[f"c{place}"], rows)
    check_cells(watches, exceptions, "*", ledger)


# Findings after which every rule over rows would only repeat the same fault in other words.
_UNCLEAR = {
    "header_absent": "the header",
    "wrong_kind": "the kind",
    "month_became_day": "the months",
    "date_order_unclear": "the dates",
    "date_order_mixed": "the dates",
}


class _Check:
    """One check on its way through the steps."""

    def __init__(self, opened: Opened, recognition: Recognition, asked: _Asked) -> None:
        assert recognition.chosen is not None  # noqa: S101 - the caller has looked
        self.opened, self.recognition, self.asked = opened, recognition, asked
        self.exceptions = asked.exceptions
        self.match: Match = recognition.chosen
        self.contract = self.match.contract
        self.ledger = Ledger(opened.facts.row_word)
        self.context = Context(self.contract, self.ledger, opened.facts, asked.places)

    def report(self) -> CheckReport:
        """Run the steps in order and word the result."""
        self._tell_file()
        long = self._unfold() if self.match.how == "layout" else None
        self.ledger.headers = {name: self.match.headers[i] for name, i in self.match.places.items()}
        if long is None:
            tell_shape(self.match, self.opened, self.ledger)
            tell_personal(self.match, self.ledger)
        check_headers(
            [self.match.headers[i] for i in self.match.unused],
            self.exceptions,
            self.contract.name,
            self.ledger,
        )
        self._tell_missing()
        reader = self._reader()
        table = reader.long_table(long) if long is not None else reader.table(self.opened)
        if reader.corrector is not None:
            reader.corrector.tell_unused()
        if self.opened.delimited is not None and self.opened.delimited.damaged:
            cells, count = damaged_rows(self.opened.delimited.name, self.opened.delimited.open)
            self.ledger.find("encoding_mixed", "", cells, count)
        self.context.rows_lost = bool(reader.damaged)
        check_cells(reader.watches, self.exceptions, self.contract.name, self.ledger)
        if not reader.rows_read and not reader.damaged:
            self.ledger.find("no_rows", count=1)
        elif unclear := next((rule for rule in _UNCLEAR if self.ledger.has(rule)), ""):
            self.context.skip("rules over rows", f"first {_UNCLEAR[unclear]} must be clear")
        else:
            table = self._apply(table)
        return self._conclude(table, reader.rows_read)

    def _reader(self) -> Reader:
        corrections = self.asked.corrections
        corrector = Corrector(corrections, self.ledger) if corrections else None
        return Reader(
            self.match,
            self.ledger,
            self.asked.order,
            corrector=corrector,
            progress=self.asked.progress,
            seen=self.asked.seen,
        )

    def _tell_file(self) -> None:
        facts = self.opened.facts
        if facts.format == "csv" and not facts.encoding_certain:
            self.ledger.find("encoding_assumed", count=1, encoding=facts.encoding)
        if self.opened.chosen_among:
            self.ledger.find(
                "sheet_chosen", count=1, total=self.opened.chosen_among, value=quoted(facts.sheet)
            )
        for rule in self.contract.rules:
            if rule.kind == "not_observations":
                RULES[rule.kind](rule, pl.DataFrame(), self.context)

    def _unfold(self) -> LongTable:
        if self.contract.layout not in LAYOUTS:
            known = ", ".join(sorted(LAYOUTS))
            raise DeclarationError(
                f"Contract {self.contract.name}: no layout {self.contract.layout!r}; known: {known}."
            )
        grid = self.opened.whole()
        if self.asked.seen is not None:
            rows = pl.int_range(
                grid.first_row, grid.first_row + grid.cells.height, dtype=pl.UInt32, eager=True
            )
            self.asked.seen([f"c{i}" for i in range(grid.cells.width)], grid.cells, rows)
        try:
            long = LAYOUTS[self.contract.layout](grid)
        except UnreadableFileError:
            raise
        except PhiloxeniaError as fault:
            raise UnreadableFileError(f"{self.opened.facts.name}: {fault}") from fault
        self.match = match_long(self.match, long)
        for note in long.notes:
            self.ledger.find("layout_note", variant=note, count=1, value=note)
        for (column, rule), group in long.mends.group_by("column", "rule", maintain_order=True):
            value = str(rule)
            self.ledger.mend(
                "layout_mend", str(column), group["row"], group["before"], group["after"], value, value=value
            )
        return long

    def _tell_missing(self) -> None:
        headers = self.match.headers
        if not self.match.places and looks_like_data(headers):
            first = listed([quoted(cell, 20) for cell in headers if cell.strip()], 4)
            columns = listed(list(self.contract.required), 12)
            self.ledger.find("header_absent", count=1, value=first, columns=columns)
            return
        required = self.contract.required
        if 2 * len(self.match.missing) > len(required):
            self._tell_wrong_kind()
            return
        for name in self.match.missing:
            meaning = self.contract.column(name).meaning.rstrip(".")
            meaning = meaning[:1].lower() + meaning[1:]
            self.ledger.find(
                "column_missing", name, count=1, meaning=meaning, hint=missing_hint(self.match, name)
            )

    def _tell_wrong_kind(self) -> None:
        """Most of what the named kind needs is not there: say so once, and which kind fits better."""
        folder = self.context.places.folder if self.context.places else None
        other = recognise(self.opened.head, self.opened.facts, contracts(folder).values()).chosen
        fits = other is not None and other.contract.name != self.contract.name and other.complete
        hint = f"The file fits {other.contract.name}: check it as that." if other is not None and fits else ""
        required = self.contract.required
        self.ledger.find(
            "wrong_kind",
            count=len(self.match.missing),
            kind=self.contract.name,
            total=len(required),
            there=len(required) - len(self.match.missing),
            columns=listed(list(required), 12),
            hint=hint or "See what the kind holds: philoxenia contracts " + self.contract.name + ".",
        )

    def _apply(self, table: pl.DataFrame) -> pl.DataFrame:
        for mend in self.contract.mends:
            table = self._run(MENDS, mend.kind)(mend, table, self.context)
        table = drop_repeats(table, self.context)
        check_key(table, self.context)
        for rule in self.contract.rules:
            table = self._run(RULES, rule.kind)(rule, table, self.context)
        return table

    def _run(self, registry: Mapping[str, RuleFunction], kind: str) -> RuleFunction:
        if kind not in registry:
            known = ", ".join(sorted(registry))
            raise DeclarationError(
                f"Contract {self.contract.name}: there is no rule {kind!r}. There are: {known}."
            )
        return registry[kind]

    def _conclude(self, table: pl.DataFrame, rows_read: int) -> CheckReport:
        findings, mends = self.ledger.findings(), self.ledger.mends()
        if any(finding.severity == "refused" for finding in findings):
            outcome = Outcome.REFUSED
        elif mends or any(finding.severity == "warning" for finding in findings):
            outcome = Outcome.MENDED
        else:
            outcome = Outcome.ACCEPTED
        places = self.context.places
        return CheckReport(
            outcome,
            self.opened.facts,
            contract=self.contract,
            sure=self.recognition.sure,
            runner_up=next((other.contract.name for other in self.recognition.others), ""),
            city=places.name if places else "",
            rows=rows_read,
            columns=tuple((name, self.ledger.headers[name]) for name in self.match.places),
            findings=findings,
            mends=mends,
            mend_log=self.ledger.mend_log(),
            not_checked=tuple(self.context.not_checked),
            found_cells=self.ledger.found_cells(),
            checked_table=self._kept(table),
        )

    def _kept(self, table: pl.DataFrame) -> pl.DataFrame:
        """The contract's columns in its order, then those that mends made."""
        declared = [column.name for column in self.contract.columns]
        dropped = {ROW, *(column.name for column in self.contract.columns if not column.keep)}
        made = [name for name in table.columns if name not in declared]
        return table.select(
            name for name in (*declared, *made) if name in table.columns and name not in dropped
        )
