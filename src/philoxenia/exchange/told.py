"""The report of a check as a person reads it: what happened first, then what to change, then what was changed."""

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from philoxenia.exchange.limits import limit
from philoxenia.exchange.spelling import listed, quoted

if TYPE_CHECKING:
    from philoxenia.exchange.contract import Column, Contract, Rule
    from philoxenia.exchange.ledger import Finding, Mend
    from philoxenia.exchange.outcome import CheckReport

_HEADINGS = {
    "refused": "To be changed in the file before it can be taken",
    "warning": "Taken, but please look at it",
    "note": "Good to know",
}


def report_text(report: "CheckReport", width: int = 100, prefix: str = "") -> str:
    """The whole report, no line longer than `width`."""
    lines = [*_wrap(summary(report), width), *_about(report, width)]
    if report.parts:
        return "\n".join([*lines, *_parts(report, width)])
    number = 0
    settled = report.contract is not None
    for severity, heading in _HEADINGS.items():
        found = [finding for finding in report.findings if finding.severity == severity]
        if found:
            lines += ["", f"{heading if settled or severity != 'refused' else 'Why, and what to do'}:"]
        for finding in found:
            number += 1
            lines += _finding(number, finding, report, width)
    if report.mends:
        lines += ["", "Changed on the way in (the file itself was not touched):"]
        lines += [line for mend in report.mends for line in _bullet(_mend(mend), width)]
    if report.not_checked:
        lines += ["", "Not checked:"]
        lines += [line for rule, why in report.not_checked for line in _bullet(f"{rule}: {why}.", width)]
    return "\n".join(lines)


def _parts(report: "CheckReport", width: int) -> list[str]:
    """A line for each table of an archive; those that need work follow in full, up to a number."""
    counts = {part.outcome.words: 0 for part in report.parts}
    for part in report.parts:
        counts[part.outcome.words] += 1
    lines = ["", f"{len(report.parts)} tables: {listed([f'{n} {words}' for words, n in counts.items()])}."]
    for part in report.parts:
        kind = part.contract.name if part.contract else ""
        first = next((f.message for f in part.findings if f.severity == "refused"), "")
        name = part.file.name.split("/", 1)[-1]
        lines += _wrap(
            f"  {part.outcome.words}: {name}{f' ({kind})' if kind else ''}. {first}".rstrip(),
            width,
            "    ",
            "",
        )
    return [*lines, "", "See one in full with --member NAME."]


def summary(report: "CheckReport") -> str:
    """One sentence: the file, the outcome and how much is to be done."""
    counts = {severity: sum(f.severity == severity for f in report.findings) for severity in _HEADINGS}
    name = report.file.name
    if report.parts:
        return f"{'ACCEPTED' if report.accepted else report.outcome.words.upper()}  {name}: an archive of {len(report.parts)} tables."
    if report.outcome.words == "unreadable":
        return f"UNREADABLE  {name}"
    if report.outcome.words == "not recognised":
        return f"NOT RECOGNISED  {name}"
    kind = f" as {report.contract.name}" if report.contract else ""
    if report.outcome.words == "refused":
        todo = _number(counts["refused"], "thing")
        return f"REFUSED  {name}{kind}: {todo} to change{_more(counts)}."
    mends = _number(len(report.mends), "kind") + " of mend" if report.mends else ""
    parts = [
        part for part in (mends, _number(counts["warning"], "warning") if counts["warning"] else "") if part
    ]
    told = f" with {listed(parts)}" if parts else ""
    return f"ACCEPTED  {name}{kind}: {report.rows:,} {report.file.row_word}s{told}."


def _more(counts: dict[str, int]) -> str:
    return f", {_number(counts['warning'], 'warning')}" if counts["warning"] else ""


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _about(report: "CheckReport", width: int) -> list[str]:
    facts = report.file
    kind = {"csv": "text table", "xlsx": "workbook", "geojson": "GeoJSON"}.get(facts.format, facts.format)
    parts = [kind]
    rows = f"; {_number(report.rows, facts.row_word)}" if report.contract or report.parts else ""
    parts += [facts.encoding] if facts.encoding and facts.format == "csv" else []
    parts += [f"{facts.delimiter} between cells"] if facts.delimiter else []
    parts += (
        [
            f"sheet {quoted(facts.sheet)}"
            + (f" of {len(facts.other_sheets) + 1}" if facts.other_sheets else "")
        ]
        if facts.sheet
        else []
    )
    parts += [facts.coordinates] if facts.coordinates else []
    lines = _wrap(f"Read as: {', '.join(parts)}{rows}.", width, "  ") if facts.format else []
    if report.contract is not None:
        runner_up = (
            f" Next best: {report.runner_up}."
            if report.runner_up and report.sure.startswith("likely")
            else ""
        )
        contract = f"{report.contract.name} {report.contract.version}, {report.contract.title[:1].lower()}{report.contract.title[1:]}"
        lines += _wrap(f"Kind: {contract} ({report.sure}).{runner_up}", width, "  ")
    if report.city:
        lines += _wrap(f"City: {report.city}.", width, "  ")
    return lines


def _finding(number: int, finding: "Finding", report: "CheckReport", width: int) -> list[str]:
    lines = _wrap(f"{number:>2}. {finding.message}", width, "    ", "")
    if finding.remedy and finding.remedy != "Nothing to do.":
        lines += _wrap(f"-> {finding.remedy}", width, "       ", "    ")
    del report
    return lines


def _mend(mend: "Mend") -> str:
    rows = mend.examples[: limit("report", "examples")]
    del rows
    return mend.message


def _bullet(text: str, width: int) -> list[str]:
    return _wrap(f"  - {text}", width, "    ", "")


def _wrap(text: str, width: int, indent: str = "  ", first: str | None = None) -> list[str]:
    initial = (
        indent
        if first is None and text[:2] != "  " and indent == "  " and text.startswith(("Read", "Kind", "City"))
        else (first or "")
    )
    return textwrap.wrap(
        text,
        width,
        initial_indent=initial,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def contract_text(contract: "Contract") -> str:
    """One contract in full: columns with their other names, key, rules, mends and notes."""
    lines = [
        f"{contract.name} {contract.version}: {contract.title}",
        f"From: {contract.owner}. One row is one {contract.grain}.",
    ]
    if contract.key:
        lines.append(f"One row for each {listed(list(contract.key))}.")
    lines += ["", "Columns (* must be there):"]
    rows = [(f"{'*' if c.required else ' '} {c.name}", _column_words(c)) for c in contract.columns]
    lines += [f"  {line}" for line in contract_lines(rows, 98)]
    for title, entries in (("Rules", contract.rules), ("Mends", contract.mends)):
        if entries:
            lines += ["", f"{title}:"]
            lines += [line for entry in entries for line in _bullet(_rule_words(entry), 100)]
    lines += [line for note in contract.notes for line in ["", *_wrap(note, 100, "", "")]]
    return "\n".join(lines)


def _column_words(column: "Column") -> str:
    unit = f", {column.unit}" if column.unit else ""
    bounds = [f"at least {column.min:,}"] if isinstance(column.min, int | float) else []
    bounds += [f"at most {column.max:,}"] if isinstance(column.max, int | float) else []
    names = f" Names: {', '.join(column.categories)}." if column.categories else ""
    also = f" Also called {listed([quoted(alias) for alias in column.aliases], 4)}." if column.aliases else ""
    return f"{column.type}{unit}{', ' if bounds else ''}{', '.join(bounds)}: {column.meaning}{names}{also}"


def _rule_words(rule: "Rule") -> str:
    entries = ", ".join(f"{name} = {_entry(value)}" for name, value in rule.parameters.items())
    return f"{rule.kind}: {entries}.{' ' + rule.why if rule.why else ''}"


def _entry(value: object) -> str:
    if isinstance(value, tuple | list):
        return " + ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_entry(inner)}" for name, inner in value.items())
    return str(value)


def contract_lines(rows: Iterable[tuple[str, str]], width: int = 100) -> list[str]:
    """Two columns: a name and what it is."""
    entries = list(rows)
    longest = max((len(name) for name, _ in entries), default=0)
    return [
        line
        for name, words in entries
        for line in _wrap(f"{name:<{longest}}  {words}", width, " " * (longest + 2), "")
    ]
