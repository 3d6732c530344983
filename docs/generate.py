"""Writes docs/reference/ from the same rows the engine computes with. A test fails where a page is stale.

Usage: python docs/generate.py
"""

import argparse
import tomllib
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import polars as pl

from philoxenia.cli.main import COMMANDS, EXIT_CODES
from philoxenia.reference import default_parameters, reference_table

REFERENCE = Path(__file__).parent / "reference"
NOTE = (
    "<!-- Written by docs/generate.py from the engine's own tables. Change those, then run it again. -->\n\n"
)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _table(frame: pl.DataFrame) -> str:
    head = "| " + " | ".join(frame.columns) + " |\n|" + "---|" * frame.width + "\n"
    rows = ("| " + " | ".join(map(_cell, row)) + " |" for row in frame.iter_rows())
    return head + "\n".join(rows) + "\n"


def parameters_page() -> str:
    parameters = default_parameters()
    rows = [parameters.row(name) for name in parameters]
    frame = pl.DataFrame(
        {
            "name": [f"`{row.name}`" for row in rows],
            "default": [f"{row.value:g}" for row in rows],
            "low": [f"{row.low:g}" for row in rows],
            "high": [f"{row.high:g}" for row in rows],
            "unit": [row.unit for row in rows],
            "what it is": [row.description for row in rows],
            "source": [f"{row.source} ({row.date})" for row in rows],
        }
    )
    return "# Parameters\n\nA city overrides any of them in its `city.toml`.\n\n" + _table(frame)


def _reference_page(title: str, lead: str, table: str) -> str:
    return f"# {title}\n\n{lead}\n\n{_table(reference_table(table))}"


def indicators_page() -> str:
    return _reference_page(
        "Indicators",
        "What pressure today is made of, by aspect; direction 1 means more is more.",
        "indicators",
    )


def services_page() -> str:
    return _reference_page("Services", "The services whose reach and load are computed.", "services")


def rates_page() -> str:
    return _reference_page("Service rates", "What one person asks of a service.", "service_rates")


def _contract_section(declaration: dict) -> str:
    columns = declaration.get("column", declaration.get("columns", []))
    frame = pl.DataFrame(
        {
            "column": [f"`{column['name']}`" for column in columns],
            "type": [column.get("type", "text") for column in columns],
            "unit": [column.get("unit", "") for column in columns],
            "required": ["yes" if column.get("required") else "" for column in columns],
            "also called": [", ".join(column.get("aliases", [])) for column in columns],
            "meaning": [column.get("meaning", "") for column in columns],
        }
    )
    key = ", ".join(f"`{name}`" for name in declaration.get("key", []))
    key_line = f"One row per {key}. " if key else ""
    return f"## {declaration['name']}\n\n{declaration['title']}. {key_line}\n\n{_table(frame)}"


def contracts_page() -> str:
    folder = files("philoxenia.exchange") / "contracts"
    declarations = [
        tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    ]
    lead = "One contract per kind of extract. `philoxenia check FILE` recognises the kind by itself.\n\n"
    return "# Contracts\n\n" + lead + "\n".join(map(_contract_section, declarations))


def _option(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    if action.option_strings and action.nargs != 0:
        value = action.metavar or (
            "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
        )
        name += f" {value}"
    return f"`{name}`"


def _command_section(command: str, module: str, help_line: str) -> str:
    parser = argparse.ArgumentParser(prog="philoxenia")
    subparsers = parser.add_subparsers()
    getattr(import_module(f"philoxenia.cli.{module}"), f"add_{command}")(subparsers)
    title = f"## philoxenia {command}\n\n{help_line[0].upper()}{help_line[1:]}.\n\n"
    return title + _options(subparsers.choices[command])


def _options(parser: argparse.ArgumentParser) -> str:
    # Read from the parser's own declarations: the layout of --help differs between versions of Python.
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if inner:
        return "\n".join(f"### {name}\n\n{_options(one)}" for name, one in inner[0].choices.items())
    told = [a for a in parser._actions if a.dest != "help" and a.help != argparse.SUPPRESS]
    return _table(
        pl.DataFrame({"argument": [_option(a) for a in told], "what it is": [a.help or "" for a in told]})
    )


def commands_page() -> str:
    sections = [_command_section(command, *declared) for command, declared in COMMANDS.items()]
    return "# The command line\n\n" + "\n".join(sections) + f"\n## Exit codes\n\n```text\n{EXIT_CODES}\n```\n"


PAGES = {
    "parameters.md": parameters_page,
    "indicators.md": indicators_page,
    "services.md": services_page,
    "service-rates.md": rates_page,
    "contracts.md": contracts_page,
    "command-line.md": commands_page,
}


def write_all() -> None:
    REFERENCE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(NOTE + page(), encoding="utf-8")


if __name__ == "__main__":
    write_all()
