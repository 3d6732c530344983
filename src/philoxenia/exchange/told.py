"""The report of a check as a person reads it: what happened, what to change, what was changed."""

import textwrap
from collections.abc import Iterable

from philoxenia.exchange.contract import Column, Contract, Rule
from philoxenia.exchange.ledger import Finding
from philoxenia.exchange.result import CheckResult
from philoxenia.exchange.spelling import listed, quoted

_HEADINGS = {
    "refused": "To be changed in the file before it can be taken",
    "warning": "Taken, but please look at it",
    "note": "Good to know",
}
_FORMATS = {"csv": "text table", "xlsx": "workbook", "geojson": "GeoJSON"}
_NOTHING = "Nothing to do."


def report_text(report: CheckResult, width: int = 100) -> str:
    """The whole report, no line longer than `width` where words allow."""
    lines = [
        *_wrap(summary(report), width),
        *(line for fact in _facts(report) for line in _wrap(fact, width, 2)),
    ]
    if report.parts:
        return "\n".join([*lines, *_parts(report, width)])
    number = 0
    for severity in _HEADINGS:
        found = [finding for finding in report.findings if finding.severity == severity]
        if found:
            lines += ["", f"{_heading(report, severity)}:"]
        for finding in found:
            number += 1
            lines += _finding(number, finding, width)
    if report.mends:
        lines += ["", "Changed on the way in (the file itself was not touched):"]
        lines += [line for mend in report.mends for line in _bullet(mend.message, width)]
    if report.not_checked:
        lines += ["", "Not checked:"]
        lines += [line for rule, why in report.not_checked for line in _bullet(f"{rule}: {why}.", width)]
    return "\n".join(lines)


def summary(report: CheckResult) -> str:
    """One sentence: the file, the outcome and how much is to be done."""
    name, words = report.file.name, report.outcome.words
    if report.parts:
        grade = "ACCEPTED" if report.accepted else words.upper()
        return f"{grade}  {name}: an archive of {len(report.parts)} tables."
    if words in ("unreadable", "not recognised"):
        return f"{words.upper()}  {name}"
    kind = f" as {report.contract.name}" if report.contract else ""
    refused, warnings = (sum(f.severity == s for f in report.findings) for s in ("refused", "warning"))
    parts = [_number(len(report.mends), "kind") + " of mend"] if report.mends else []
    parts += [_number(warnings, "warning")] if warnings else []
    if words == "refused":
        more = f", {parts[-1]}" if warnings else ""
        return f"REFUSED  {name}{kind}: {_number(refused, 'thing')} to change{more}."
    told = f" with {listed(parts)}" if parts else ""
    return f"ACCEPTED  {name}{kind}: {_number(report.rows, report.file.row_word)}{told}."


def _heading(report: CheckResult, severity: str) -> str:
    if severity == "refused" and report.contract is None:
        return "Why, and what to do"
    return _HEADINGS[severity]


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _facts(report: CheckResult) -> list[str]:
    """Sentences on how the file was read, as what kind, and for which city."""
    facts, contract, told = report.file, report.contract, []
    if facts.format:
        parts = [_FORMATS.get(facts.format, facts.format)]
        parts += [facts.encoding] if facts.encoding and facts.format == "csv" else []
        parts += [f"{facts.delimiter} between cells"] if facts.delimiter else []
        parts += [_sheet(facts.sheet, len(facts.other_sheets) + 1)] if facts.sheet else []
        parts += [facts.coordinates] if facts.coordinates else []
        rows = f"; {_number(report.rows, facts.row_word)}" if contract or report.parts else ""
        told.append(f"Read as: {', '.join(parts)}{rows}.")
    if contract is not None:
        next_best = (
            f" Next best: {report.runner_up}." if report.runner_up and report.sure[:6] == "likely" else ""
        )
        title = contract.title[:1].lower() + contract.title[1:]
        told.append(f"Kind: {contract.name} {contract.version}, {title} ({report.sure}).{next_best}")
    return [*told, f"City: {report.city}."] if report.city else told


def _sheet(name: str, sheets: int) -> str:
    return f"sheet {quoted(name)}" + (f" of {sheets}" if sheets > 1 else "")


def _finding(number: int, finding: Finding, width: int) -> list[str]:
    lines = _wrap(f"{number:>2}. {finding.message}", width, 4, hanging=True)
    if finding.remedy and finding.remedy != _NOTHING:
        lines += _wrap(f"    -> {finding.remedy}", width, 7, hanging=True)
    return lines


def _parts(report: CheckResult, width: int) -> list[str]:
    """A line for each table of an archive, with the first thing to change in it."""
    counts: dict[str, int] = {}
    for part in report.parts:
        counts[part.outcome.words] = counts.get(part.outcome.words, 0) + 1
    totals = listed([f"{count} {words}" for words, count in counts.items()])
    lines = [
        "",
        *_wrap(f"{len(report.parts)} tables: {totals}. See one in full with --member NAME.", width),
        "",
    ]
    for part in report.parts:
        kind = f" ({part.contract.name})" if part.contract else ""
        first = next((finding.message for finding in part.findings if finding.severity == "refused"), "")
        name = part.file.name.split("/", 1)[-1]
        lines += _wrap(f"  {part.outcome.words}: {name}{kind}. {first}".rstrip(), width, 4, hanging=True)
    return lines


def _bullet(text: str, width: int) -> list[str]:
    return _wrap(f"  - {text}", width, 4, hanging=True)


def _wrap(text: str, width: int, indent: int = 0, hanging: bool = False) -> list[str]:
    """Lines of a paragraph; with `hanging`, its own first spaces are the indent of the first line."""
    return textwrap.wrap(
        text,
        width,
        initial_indent="" if hanging else " " * indent,
        subsequent_indent=" " * (indent or 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def contract_text(contract: Contract) -> str:
    """One contract in full: columns with their other names, key, rules, mends and notes."""
    lines = [f"{contract.name} {contract.version}: {contract.title}"]
    lines += [f"From: {contract.owner}. One row is one {contract.grain}."]
    lines += [f"One row for each {listed(list(contract.key))}."] if contract.key else []
    lines += ["", "Columns (* must be there):"]
    rows = [(f"{'*' if c.required else ' '} {c.name}", _column_words(c)) for c in contract.columns]
    lines += [f"  {line}" for line in contract_lines(rows, 98)]
    for title, entries in (("Rules", contract.rules), ("Mends", contract.mends)):
        lines += ["", f"{title}:"] if entries else []
        lines += [line for entry in entries for line in _bullet(_rule_words(entry), 100)]
    lines += [line for note in contract.notes for line in ["", *_wrap(note, 100)]]
    return "\n".join(lines)


def _column_words(column: Column) -> str:
    words = [column.type, *([column.unit] if column.unit else [])]
    words += [f"at least {column.min:,}"] if isinstance(column.min, int | float) else []
    words += [f"at most {column.max:,}"] if isinstance(column.max, int | float) else []
    names = f" Names: {', '.join(column.categories)}." if column.categories else ""
    also = f" Also called {listed([quoted(alias) for alias in column.aliases], 4)}." if column.aliases else ""
    return f"{', '.join(words)}: {column.meaning}{names}{also}"


def _rule_words(rule: Rule) -> str:
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
        for line in _wrap(f"{name:<{longest}}  {words}", width, longest + 2, hanging=True)
    ]
