"""A new city: a copy of the template, and the list of tables a package may hold, made from the contracts."""

import re
import shutil
from pathlib import Path

from philoxenia.exchange.contract import Column, Contract, contracts
from philoxenia.workflows.build_city.problems import RecipeError

TEMPLATE = Path("cities") / "_template"

# In the order a city would gather them; what each is good for.
PACKAGE_TABLES = {
    "districts": "needed: the outlines everything is shown on (`districts.geojson`, or a zipped shapefile)",
    "census_profile": "needed: at least `population` for every district; pressure, newcomers, load",
    "home_languages": "test people: names and languages by district",
    "household_incomes": "small areas: households without an account, households that could own a home",
    "series": "arrivals: any counts by month, quarter or year that are to be forecast",
    "shelter_flow": "arrivals: people into, in and out of the shelter system",
    "asylum_claims": "arrivals: an upstream signal",
    "shelter_occupancy": "load: places in shelters and how full they are",
    "schools": "load and reach: where schools are",
    "clinics": "reach of primary care",
    "pharmacies": "reach of primary care",
    "libraries": "reach; hours and computers",
    "library_hours": "reach in the evening and on Sundays",
    "library_programmes": "load of library and language programmes",
    "library_wifi": "connectivity",
    "rental_buildings": "housing: private, social and community buildings",
    "housing_indicators": "housing: any indicators by area, also of an older map",
    "housing_pipeline": "housing: affordable homes to come",
    "housing_waitlist": "housing: the waiting list",
    "service_capacity": "load: what a service can give, in all or by district, so that gaps can be told",
    "service_rates": "load: what one person asks of a service, in place of the engine's own rates",
    "budget": "what the city spends on each service",
    "actions": "foresight: what the city could do, with cost, funder and time",
    "action_effects": "foresight: what each action changes in the model of the city",
    "action_benefits": "foresight: what each action brings that the model does not follow",
    "unit_values": "foresight: what a month of waiting, a visit, a place is worth to a person",
    "action_budgets": "foresight: what each funder can spend on actions, by year",
    "shocks": "futures: how likely, large and long named shocks are here, in place of the engine's own",
    "constituency_incomes": "foresight: incomes, for weights that count need",
    "district_names": "spellings of district names, so that extracts are understood",
    "district_crosswalk": "carries figures of an older map to the districts of today",
}


def find_template(beside: Path) -> Path:
    """The template folder: beside the new city, in this folder, or in the repository this code runs from.

    Raises `RecipeError` where there is none.
    """
    checkout = Path(__file__).resolve().parents[4]
    for folder in (beside / TEMPLATE.name, Path.cwd() / TEMPLATE, checkout / TEMPLATE):
        if (folder / "city.toml").is_file():
            return folder
    raise RecipeError(
        f"There is no template: no {TEMPLATE.as_posix()}/city.toml here. "
        "Run the command in a copy of the project's repository."
    )


def new_city(folder: Path, name: str) -> list[Path]:
    """Start a package from the template; returns the files written. Raises `RecipeError` if it is there."""
    if folder.exists() and any(folder.iterdir()):
        raise RecipeError(f"{folder} is there already and is not empty. Choose another folder.")
    template = find_template(folder.parent)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    settings = folder / "city.toml"
    text = settings.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^id = "my_city"', f'id = "{_short(folder.name)}"', text, count=1)
    text = re.sub(r'(?m)^name = "My City"', lambda _: f"name = {_quoted(name)}", text, count=1)
    settings.write_text(text, encoding="utf-8")
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _short(name: str) -> str:
    return re.sub(r"[^\w]+", "_", name.lower()).strip("_") or "city"


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def tables_page() -> str:
    """The README of the template: every table a package may hold, with its columns, as Markdown."""
    known = contracts()
    parts = [_table(known[name], use) for name, use in PACKAGE_TABLES.items()]
    return _PREFACE + "\n".join(parts)


_PREFACE = """\
# A city package

Copy this folder (`philoxenia city new cities/athens --name Athens`), replace the example rows by your
own, and check it with `philoxenia city check cities/athens`. `city.toml` explains every setting. How to
go about it step by step: `docs/how-to/add-a-city.md`.

Only the districts and their population are needed. Every other table adds something; what is missing is
said in the report, never guessed. Tables stand in `tables/` as CSV (UTF-8, comma) or Parquet, named as
below. Headers may be those of your departments where the contract knows them. Columns in bold must be
there; the key names a row. Ids are text, times are written 2024-07, 2024-Q3 or 2024, coordinates are
WGS84 degrees. `sources.toml` says for each table whose it is, under which licence and of which date; it
is written by `philoxenia city build`, or by hand.

This page is made from the contracts: `philoxenia city tables > cities/_template/README.md`.

"""


def _table(contract: Contract, use: str) -> str:
    shown = [column for column in contract.columns if column.keep]
    rows = [f"| {_name(column, contract)} | {column.type} | {_meaning(column)} |" for column in shown]
    head = [f"## {contract.name}", "", f"{contract.title}. {use[0].upper()}{use[1:]}.", ""]
    return "\n".join([*head, "| column | type | meaning |", "|---|---|---|", *rows, ""])


def _name(column: Column, contract: Contract) -> str:
    name = f"**{column.name}**" if column.required else column.name
    return f"{name} (key)" if column.name in contract.key else name


def _meaning(column: Column) -> str:
    unit = f" Unit: {column.unit}." if column.unit else ""
    listed = ", ".join(column.categories)
    return f"{column.meaning}{unit}" + (
        f" One of: {listed}{', or others' if column.open else ''}." if listed else ""
    )
