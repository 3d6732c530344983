"""Writes docs/reference/ from the same rows the engine computes with. A test fails where a page is stale.

Usage: python docs/generate.py
"""

import argparse
import inspect
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import polars as pl

from philoxenia.cli.main import EXIT_CODES, command_lines, declaration
from philoxenia.exchange import City, Contract, contracts, read_city
from philoxenia.exchange.actions import actions_of, budgets_of, unit_values_of
from philoxenia.exchange.contract import Column, Rule
from philoxenia.exchange.hsds import model
from philoxenia.exchange.rules import MENDS, RULES
from philoxenia.reference import default_parameters, reference_table
from philoxenia.vocabulary.actions import Action, Benefit, Effect
from philoxenia.vocabulary.states import Machine

REFERENCE = Path(__file__).parent / "reference"
CATALOGUE = Path(__file__).parent.parent / "cities" / "toronto"
NOTE = (
    "<!-- Written by docs/generate.py from the engine's own tables. Change those, then run it again. -->\n\n"
)
CAPABILITIES = (
    "workflows",
    "exchange",
    "disclosure",
    "synth",
    "linkage",
    "needs",
    "arrivals",
    "scenarios",
    "report",
    "lake",
    "reference",
    "vocabulary",
)


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())


def _code(value: object) -> str:
    return f"`{value}`" if value else ""


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _page(title: str, lead: str, sections: Iterable[str]) -> str:
    return "\n".join([f"# {title}\n\n{lead}\n", *sections])


def _section(title: str, *parts: str, level: int = 2) -> str:
    return f"{'#' * level} {title}\n\n" + "\n".join(part for part in parts if part)


def _first_paragraph(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


# Numbers and code lists


def parameters_page() -> str:
    parameters = default_parameters()
    topics: dict[str, list[Sequence[object]]] = {}
    for name in parameters:
        row = parameters.row(name)
        bounds = f"{row.value:g} ({row.low:g} to {row.high:g})"
        topics.setdefault(name.split(".")[0], []).append(
            (_code(name), row.description, bounds, row.unit, f"{row.source} ({row.date})")
        )
    head = ("name", "what it is", "default (range)", "unit", "source (date)")
    lead = (
        "Every number the engine assumes, with its range and source. A city overrides any of them under "
        "`[parameters]` in its `city.toml`; the report marks what was changed."
    )
    return _page(
        "Parameters",
        lead,
        (_section(topic.capitalize(), _table(head, rows)) for topic, rows in topics.items()),
    )


def indicators_page() -> str:
    table, aspects = reference_table("indicators"), reference_table("aspects")
    goals = dict(reference_table("crf_goals").select("goal", "name").iter_rows())
    sections = [
        _section(
            aspect["name"],
            f"{aspect['question']}\n",
            _indicators(table.filter(aspect=aspect["id"]), goals),
        )
        for aspect in aspects.iter_rows(named=True)
    ]
    lead = (
        "What pressure today is made of. All weigh the same within their aspect unless the city says "
        "otherwise. *Newcomers* says whether the figure is known for newcomers apart: *same place* where it "
        "belongs to the place and so to everybody in it."
    )
    return _page("Indicators", lead, sections)


def _indicators(table: pl.DataFrame, goals: Mapping[str, str]) -> str:
    head = ("indicator", "definition", "unit", "pressure is higher where it is", "goal", "from", "newcomers")
    rows = [
        (
            f"{row['name']} {_code(row['id'])}",
            " ".join(filter(None, (row["definition"].rstrip(".") + ".", row["note"]))),
            row["unit"],
            "higher" if row["direction"] == "1" else "lower",
            goals.get(row["crf_goal"], row["crf_goal"]),
            _code(row["source_table"]),
            row["newcomers"],
        )
        for row in table.iter_rows(named=True)
    ]
    return _table(head, rows)


def characteristics_page() -> str:
    table = reference_table("characteristics")
    sections = [
        _section(
            str(topic).capitalize(),
            _table(
                ("code", "what it counts", "unit"),
                (
                    (_code(c), label, unit)
                    for c, label, unit in rows.select("code", "label", "unit").iter_rows()
                ),
            ),
        )
        for (topic,), rows in table.group_by("topic", maintain_order=True)
    ]
    lead = (
        "The codes that the column `characteristic` of `census_profile` may hold. Only `population` is "
        "required; codes of your own are kept too."
    )
    return _page("Characteristics of a district", lead, sections)


def services_page() -> str:
    head = ("service", "unit", "counted from", "shared among", "reached by", "note")
    rows = [
        (
            f"{row['name']} {_code(row['id'])}",
            row["unit"],
            _code(row["place_table"]),
            row["demand_name"],
            f"{row['mode']}, {row['catchment_minutes']} minutes" if row["mode"] else "",
            row["note"],
        )
        for row in reference_table("services").iter_rows(named=True)
    ]
    lead = (
        "The services whose reach or load is computed. `[services]` in `city.toml` says which a city shows."
    )
    return _page("Services", lead, [_table(head, rows)])


def rates_page() -> str:
    rates, names = reference_table("service_rates"), dict(reference_table("services").rows_by_key("id"))
    planned, floors = rates.filter(pl.col("basis") != "floor"), rates.filter(basis="floor")
    sections = [
        _section(
            names[str(service)][0][0],
            f"Basis: {rows['basis'][0]}. In {rows['unit'][0]}.\n",
            _table(
                ("who", "age", "months since arrival", "rate (range)", "what it is", "source"), _rates(rows)
            ),
        )
        for (service,), rows in planned.group_by("service", maintain_order=True)
    ]
    floor_rows = (
        (row["service"].replace("_", " "), _range(row), row["unit"], row["description"], _source(row))
        for row in floors.iter_rows(named=True)
    )
    floor_head = ("what", "for one person (range)", "unit", "what it is", "source")
    sections.append(
        _section("Emergency minima", "No city is planned by these.\n", _table(floor_head, floor_rows))
    )
    lead = (
        "What one person asks of a service. *Norm*: people times the rate. *Use*: relative use, scaled so "
        "that residents at the census ask for what is given today. *Stock*: from the shelter flow. A city "
        "replaces rates by a table `service_rates` of its own."
    )
    return _page("Service rates", lead, sections)


def _rates(rows: pl.DataFrame) -> Iterable[Sequence[object]]:
    for row in rows.iter_rows(named=True):
        until = f" to {row['months_to']}" if row["months_to"] else " and more"
        yield (
            row["population"].replace("long_term", "long-term").replace("_", " "),
            row["age_group"].removeprefix("age_").replace("_over", " and over").replace("_", " to "),
            f"{row['months_from']}{until}" if row["months_from"] else "any",
            _range(row),
            row["description"],
            _source(row),
        )


def _range(row: Mapping[str, str]) -> str:
    return f"{row['rate']} ({row['low']} to {row['high']})"


def _source(row: Mapping[str, str]) -> str:
    return f"{row['source']} ({row['date']})"


# Contracts


def contracts_page() -> str:
    known = sorted(contracts().values(), key=lambda contract: contract.name)
    shipped = [contract for contract in known if not contract.tests_only]
    lead = (
        "One contract per kind of extract. `philoxenia check FILE` recognises the kind by itself. Headers "
        "are compared without case, accents, spaces and signs. A *filled* column must be there and hold a "
        "value in every row. Immigration status is looked for in every kind, and refused."
    )
    sections = [_section("All kinds", _table(("contract", "what it is", "from"), map(_overview, shipped)))]
    sections += [_contract(contract) for contract in shipped]
    sections += [_kinds("What the rules say", RULES), _kinds("What the mends do", MENDS)]
    return _page("Contracts", lead, sections)


def _overview(contract: Contract) -> Sequence[object]:
    return f"[{contract.name}](#{contract.name})", contract.title, contract.owner


def _contract(contract: Contract) -> str:
    key = f"One row for each {', '.join(map(_code, contract.key))}.\n" if contract.key else ""
    head = ("column", "type", "must be", "meaning", "also called")
    declared = [("Rules", contract.rules), ("Mends", contract.mends)]
    lists = [f"{title}:\n\n{''.join(map(_rule, rules))}" for title, rules in declared if rules]
    notes = "\n".join(f"{note}\n" for note in contract.notes)
    return _section(
        contract.name,
        f"{contract.title}. {key}".rstrip() + "\n",
        notes,
        _table(head, map(_column, contract.columns)),
        *lists,
    )


def _column(column: Column) -> Sequence[object]:
    kind = ", ".join(filter(None, (column.type, column.unit)))
    there = "there" if column.may_be_blank else "filled"
    names = f" One of: {', '.join(column.categories)}." if column.categories else ""
    return (
        _code(column.name),
        kind + _bounds(column),
        there if column.required else "",
        column.meaning + names,
        ", ".join(column.aliases),
    )


def _bounds(column: Column) -> str:
    low = f", from {column.min}" if column.min is not None else ""
    high = f" up to {column.max}" if column.max is not None else ""
    return low + high


def _rule(rule: Rule) -> str:
    entries = "; ".join(f"{name}: {_entry(value)}" for name, value in rule.parameters.items())
    why = rule.why[:1].upper() + rule.why[1:]
    told = ". ".join(part.rstrip(".") for part in (entries, why) if part)
    return f"- `{rule.kind}` {told}\n"


def _entry(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_entry(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_entry, value))
    return str(value)


def _kinds(title: str, functions: Mapping[str, object]) -> str:
    rows = (
        (_code(name), _first_paragraph(function.__doc__).split(": ", 1)[-1])
        for name, function in sorted(functions.items())
    )
    return _section(title, _table(("kind", "what it says or does"), rows))


# Commands and Python names


def commands_page() -> str:
    sections = [_command(command, line) for command, line in command_lines().items() if command != "web"]
    sections.append(_section("Exit codes of every command", f"```text\n{EXIT_CODES}\n```\n"))
    lead = (
        "`philoxenia COMMAND --help` says the same. Results go to standard output, notes to standard error."
    )
    return _page("The command line", lead, sections)


def _command(command: str, help_line: str) -> str:
    subparsers = argparse.ArgumentParser(prog="philoxenia").add_subparsers()
    declaration(command)(subparsers)
    title = f"{help_line[0].upper()}{help_line[1:]}.\n"
    return _section(f"philoxenia {command}", title, _options(subparsers.choices[command], command))


def _options(parser: argparse.ArgumentParser, command: str) -> str:
    # Read from the parser's own declarations: the layout of --help differs between versions of Python.
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if inner:
        told = {action.dest: action.help for action in inner[0]._choices_actions}
        return "\n".join(
            _section(
                f"philoxenia {command} {name}",
                f"{told[name]}.\n",
                _options(one, f"{command} {name}"),
                level=3,
            )
            for name, one in inner[0].choices.items()
        )
    shown = [a for a in parser._actions if a.dest != "help" and a.help != argparse.SUPPRESS]
    table = _table(("argument", "what it is"), ((_code(_option(a)), a.help) for a in shown)) if shown else ""
    return table + (f"\n```text\n{parser.epilog}\n```\n" if parser.epilog else "")


def _option(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    if not action.option_strings or action.nargs == 0:
        return name
    choices = "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    return f"{name} {action.metavar or choices}"


def python_page() -> str:
    lead = (
        "The public names of each capability. Everything else may change without notice. `help(NAME)` says "
        "the shapes, units, errors and sources; the README in each folder says question, method and limits."
    )
    return _page("Python names", lead, map(_capability, CAPABILITIES))


def _capability(name: str) -> str:
    module = import_module(f"philoxenia.{name}")
    rows = (
        (_code(_call(public, getattr(module, public))), _told(module, public)) for public in module.__all__
    )
    return _section(
        f"philoxenia.{name}", f"{_first_paragraph(module.__doc__)}\n", _table(("name", "what it is"), rows)
    )


def _told(module: object, public: str) -> str:
    found = getattr(module, public)
    # A class without a docstring of its own would show one that Python makes up.
    return _first_paragraph(vars(found).get("__doc__") if inspect.isclass(found) else found.__doc__)


def _call(name: str, found: object) -> str:
    if inspect.isclass(found) or not callable(found):
        return name
    # Names only: how annotations are printed differs between versions of Python.
    return f"{name}({', '.join(inspect.signature(found).parameters)})"


# The shipped catalogue of actions


def actions_page() -> str:
    city = read_city(CATALOGUE)
    practices = dict(reference_table("blueprint").select("id", "name").iter_rows())
    goals = dict(reference_table("crf_goals").select("goal", "name").iter_rows())
    funders = dict(budgets_of(city).select("funder", "title").iter_rows())
    lead = (
        f"The catalogue of {city.name} ({city.currency}, at size 1). A proposal to be argued with: "
        "every row names its source or says *assumption*. [Where the numbers come from]"
        "(../explanation/toronto-actions.md); [how a city writes its own](../how-to/describe-actions.md)."
    )
    sections = [_action(action, practices, goals, funders) for action in actions_of(city)]
    return _page("Actions", lead, [*sections, _values(city), _budgets(city)])


def _action(
    action: Action, practices: Mapping[str, str], goals: Mapping[str, str], funders: Mapping[str, str]
) -> str:
    facts = [
        ("stands for", "; ".join(f"{one} {practices[one]}" for one in action.blueprint)),
        ("goals served", "; ".join(goals[str(goal)] for goal in action.crf_goals)),
        ("paid by", funders.get(action.funder, action.funder)),
        ("works after", _months(action)),
        ("costs", _costs(action)),
        ("sizes", ", ".join(f"{size:g}" for size in action.sizes)),
        ("needs", ", ".join(map(_code, action.needs))),
        ("excludes", ", ".join(map(_code, action.excludes))),
        ("costs from", f"{action.cost_source} ({action.cost_date})"),
        ("note", action.note),
    ]
    return _section(
        f"{action.title} {_code(action.id)}",
        f"{action.summary}\n",
        _table(("", ""), [fact for fact in facts if fact[1]]),
        _effects(action.effects) if action.effects else "",
        _benefits(action.benefits) if action.benefits else "",
    )


def _months(action: Action) -> str:
    lasting = "to the end" if action.duration is None else f"for {action.duration} months"
    return f"{action.lead} months, at full strength {action.ramp} months later, {lasting}"


def _costs(action: Action) -> str:
    life = f"; what is bought lasts {action.life} months" if action.life else ""
    return (
        f"{action.cost_once:,.0f} once, {action.cost_per_month:,.0f} a month "
        f"(x {action.cost[0]:g} to {action.cost[2]:g}){life}"
    )


def _effects(effects: Iterable[Effect]) -> str:
    rows = [
        (
            " ".join(filter(None, (one.kind, one.target))),
            _size(one),
            ", ".join(one.groups) or "everybody",
            ", ".join(one.districts) or "everywhere",
            f"{one.cost_per_exit:,.0f}; {one.cost_per_exit_month:,.0f} a month" if one.cost_per_exit else "",
            f"{one.source} ({one.date})",
        )
        for one in effects
    ]
    return _table(("changes", "by", "for", "in districts", "cost of each exit", "source"), rows)


def _size(effect: Effect) -> str:
    share = " of what there is" if effect.relative else ""
    return f"{effect.size:,g}{share} (x {effect.factor[0]:g} to {effect.factor[2]:g})"


def _benefits(benefits: Iterable[Benefit]) -> str:
    rows = [
        (
            one.name,
            f"{one.amount:,g} {one.unit} a month",
            f"{one.value[1]:,g} ({one.value[0]:,g} to {one.value[2]:,g})",
            one.pillar.replace("_", " "),
            ", ".join(one.groups) or "everybody",
            f"{one.source} ({one.date})",
        )
        for one in benefits
    ]
    return _table(("brings beside", "how much", "each worth", "part", "to", "source"), rows)


def _values(city: City) -> str:
    rows = [
        (
            _code(row["measure"]),
            row["unit"],
            f"{row['value']:,g} ({row['low']:,g} to {row['high']:,g})",
            row["pillar"].replace("_", " "),
            f"{row['source']} ({row['date']})",
        )
        for row in unit_values_of(city).iter_rows(named=True)
    ]
    return _section("What a unit is worth", _table(("measure", "of", "worth", "part", "source"), rows))


def _budgets(city: City) -> str:
    rows = [
        (title, ", ".join(f"{amount / 1e6:,.1f}" for amount in one["amount"]), one["source"][0])
        for (title,), one in budgets_of(city).group_by("title", maintain_order=True)
    ]
    return _section(
        "What could be spent", _table(("funder", "million a year, from the first", "source"), rows)
    )


_PROFILE_LEAD = """\
The directory of services holds the records of the Human Services Data Specification (HSDS) 3.1, all of its
tables and fields, and some of our own, which are marked *ours*. Names, types and what is required are facts
of the specification (openreferral/specification, CC BY-SA 4.0), read on 22 November 2026; the rest is ours.

- **Ids** are UUIDs. A source's own UUID is kept; any other id becomes a UUID made of source, table and id,
  the same in every import, and stays beside it as `external_id`.
- **Translations** stand in a table of their own, a row for each field and language, with a status (human,
  machine, outdated) and the hash of the text they were made from: when that text changes, the translation
  is outdated.
- **Papers.** `asks_status` says whether a service asks people for their papers of stay,
  `safe_without_papers` whether it can be used without them and without harm; both are yes, no or unknown,
  with the service's own statement and where it says so. There is no field for anybody's status.
- **Eligibility** can be a rule that runs (`eligibility_rule`, JSON) beside the words.
- **Freshness.** `checked_on` and `checked_by` are a person's check, never the day of an import; `check_by`
  is when the next is due.
- **Confidential sites.** Of a service that must not be found only its organisation, what it offers and
  public phones are kept. Its places, addresses, points, directions, contacts, areas, former values and
  texts that name them are dropped before anything is stored, with all other records of the same place. The
  table below says by what such sites are recognised; rather one too many is hidden than one shown.
- **Stand-ins.** Coordinates that many unlike places share, or that stand without an address where others
  have one, are no place and are left out.
- **Closed days** are schedules without opening and closing time, valid over these days; hours are those of
  the place.
"""


def directory_profile_page() -> str:
    """Every table and field of the directory, how older names are read, how hidden sites are known."""
    tables = [
        _section(
            name,
            f"File `{table.file}`.\n",
            _table(
                ("field", "type", "required", "refers to", "since", "meaning or values"),
                [
                    (
                        _code(field.name),
                        field.type,
                        field.required,
                        _code(field.references),
                        "ours" if field.profile else field.since,
                        field.meaning or ", ".join(field.values),
                    )
                    for field in table.fields
                ],
            ),
        )
        for name, table in model().items()
    ]
    older = (
        reference_table("directory/hsds_older").select("table", "field", "to_table", "to_field").iter_rows()
    )
    hidden = (
        reference_table("directory/confidential").select("looks_in", "language", "pattern", "why").iter_rows()
    )
    more = [
        _section("Older names", _table(("table", "field", "now table", "now field"), older)),
        _section(
            "How confidential sites are recognised",
            _table(
                ("looks in", "language", "pattern", "why"),
                [(looks_in, language, _code(pattern), why) for looks_in, language, pattern, why in hidden],
            ),
        ),
    ]
    return _page("The directory: HSDS and our profile", _PROFILE_LEAD, [*tables, *more])


# The lives of what the front door keeps


def states_page() -> str:
    found = {machine.name: machine for machine in _machines()}
    lead = (
        "The states a thing may be in, what leads from one to the next, and who takes the step. Actions "
        "refuse whatever is not listed here; the application draws the same at `/front/referrals/states/`."
    )
    return _page("States", lead, [_section(name.capitalize(), _steps(found[name])) for name in sorted(found)])


def _machines() -> Iterable[Machine]:
    """Every machine of a module called `states.py` in the application: they import nothing of Django."""
    source = Path(__file__).parent.parent / "src"
    for file in sorted((source / "philoxenia_web").rglob("states.py")):
        module = import_module(".".join(file.relative_to(source).with_suffix("").parts))
        yield from (one for one in vars(module).values() if isinstance(one, Machine))


def _steps(machine: Machine) -> str:
    rows = [
        (
            _code(state) + (" (first)" if state == machine.first else ""),
            one.verb.replace("_", " ") if one else "nothing: it has ended",
            one.by.replace("_", " ") if one else "",
            _code(one.after) if one else "",
        )
        for state in machine.states
        for one in (machine.steps_from(state) or (None,))
    ]
    return _table(("in the state", "one can", "done by", "then it is"), rows)


PAGES = {
    "actions.md": actions_page,
    "command-line.md": commands_page,
    "contracts.md": contracts_page,
    "characteristics.md": characteristics_page,
    "directory-profile.md": directory_profile_page,
    "indicators.md": indicators_page,
    "parameters.md": parameters_page,
    "python.md": python_page,
    "service-rates.md": rates_page,
    "services.md": services_page,
    "states.md": states_page,
}


def write_all() -> None:
    """Write every page of the reference."""
    REFERENCE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(NOTE + page(), encoding="utf-8")


if __name__ == "__main__":
    write_all()
