"""Test people of a city and the extracts of its departments, from the city's margins to the files.

Every file says that it is synthetic: in its name, in a column, and in a note beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from philoxenia.exchange import City
from philoxenia.lake.files import write_whole
from philoxenia.reference import reference_table
from philoxenia.synth.birth_dates import documented
from philoxenia.synth.contacts import make_contacts
from philoxenia.synth.departments import Town, codes, departments, make_list, person_ids
from philoxenia.synth.margins import Margins, margins_of
from philoxenia.synth.names import book_of_names
from philoxenia.synth.naming import name_people
from philoxenia.synth.needs import needs_of
from philoxenia.synth.population import make_people
from philoxenia.vocabulary import PhiloxeniaError

FORMATS = ("csv", "parquet")
MOST_PEOPLE = 20_000_000
AS_OF = "2024-12-31"
_NOTE = """SYNTHETIC DATA. Nobody in these files exists.

Made by `philoxenia synth` for {city}: {people:,} people, seed {seed}, as of {as_of}.
The lists follow margins the city publishes; names, dates, homes and numbers are drawn.
Telephones (area 555), mail (example.org) and streets reach nobody.
`truth/` says which record is which person and which errors were made: keep it from what is tested.

{notes}
"""


class SynthError(PhiloxeniaError):
    """People cannot be made as asked."""

    exit_code = 2


@dataclass(frozen=True)
class TestPeople:
    """The extracts by department, and the truth: `records` (source, record, person ...) and `persons`."""

    __test__ = False

    city: str
    number: int
    seed: int
    as_of: str
    tables: Mapping[str, pl.DataFrame]
    records: pl.DataFrame
    persons: pl.DataFrame
    notes: tuple[str, ...]


def synthesise(
    city: City,
    number: int,
    seed: int = 1,
    as_of: str = AS_OF,
    progress: Callable[[float, str], None] = lambda share, found: None,
) -> TestPeople:
    """`number` test people of a city and its departments' lists of them; the same seed gives the same.

    Raises `SynthError` for a number or date that cannot be, `MarginsError` where the city says too little.
    """
    day = _checked(number, seed, as_of)
    margins = margins_of(city)
    town = make_town(city, margins, number, seed, day)
    progress(0.3, f"{town.people.households:,} households")
    tables, truths = {}, []
    rows = departments()
    for i, row in enumerate(rows):
        rng = np.random.default_rng([seed, 100 + i])
        tables[row["department"]], truth = make_list(town, row, rng)
        truths.append(truth)
        progress(0.3 + 0.7 * (i + 1) / len(rows), f"{sum(t.height for t in truths):,} records")
    return TestPeople(
        city.name, number, seed, as_of, tables, pl.concat(truths), _persons(town), margins.notes
    )


def _checked(number: int, seed: int, as_of: str) -> np.datetime64:
    if not 1 <= number <= MOST_PEOPLE:
        raise SynthError(f"{number:,} people: give a number from 1 to {MOST_PEOPLE:,}.")
    if seed < 0:
        raise SynthError(f"Seed {seed}: give a whole number from 0 up.")
    try:
        return np.datetime64(as_of, "D")
    except ValueError as problem:
        raise SynthError(f"{as_of!r} is no day: write it as 2024-12-31.") from problem


def make_town(city: City, margins: Margins, number: int, seed: int, day: np.datetime64) -> Town:
    """People, households, names, homes and needs, each from a stream of chance of its own."""
    streams = [np.random.default_rng([seed, step]) for step in range(5)]
    parameters = city.parameters
    people = make_people(margins, number, day, streams[0], parameters)
    book = book_of_names()
    named = name_people(people, margins, book, streams[1], parameters)
    return Town(
        city=city.name,
        people=people,
        named=named,
        papers=documented(people.born, named.origin, book, streams[2]),
        contacts=make_contacts(people, margins, streams[3], parameters),
        needs=needs_of(people, margins, streams[4], parameters),
        margins=margins,
        book=book,
        parameters=parameters,
    )


def _persons(town: Town) -> pl.DataFrame:
    """What is true of each person; needs as codes."""
    people = town.people
    needs = [
        pl.when(pl.Series(town.needs[row["need"]]))
        .then(pl.lit(row["need"]))
        .otherwise(None)
        .alias(row["need"])
        for row in reference_table("synth_needs").iter_rows(named=True)
    ]
    months = pl.Series(people.since.astype("datetime64[M]").astype("datetime64[D]"))
    who = np.arange(len(people))
    return pl.DataFrame(
        {
            "person": person_ids(who),
            "household": people.household + 1,
            "district_id": pl.Series(list(town.margins.districts)).gather(people.district),
            "birth_date": pl.Series(people.born.astype("datetime64[D]")).cast(pl.String),
            "papers_birth_date": pl.Series(town.papers.astype("datetime64[D]")).cast(pl.String),
            "age": people.age,
            "sex": pl.Series(people.female).replace_strict({True: "female", False: "male"}),
            "language": pl.Series(list(town.margins.languages)).gather(people.language),
            "name_origin": pl.Series([o.name for o in town.book.origins]).gather(town.named.origin),
            "tenure": pl.Series(people.renter).replace_strict({True: "renter", False: "owner"}),
            "in_city_since": months.dt.strftime("%Y-%m"),
            "population": pl.Series(people.newcomer).replace_strict(
                {True: "newcomers", False: "long_term_residents"}
            ),
            "twin": pl.Series(people.twin_of >= 0),
            "needs": codes(needs),
            "synthetic": pl.Series([True]).new_from_index(0, len(people)),
        }
    )


def files_of(made: TestPeople, ending: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each table with its file, the truth in a folder of its own."""
    for department, table in made.tables.items():
        yield f"synthetic_{department}.{ending}", table
    yield f"truth/synthetic_records.{ending}", made.records
    yield f"truth/synthetic_persons.{ending}", made.persons


def write_people(made: TestPeople, folder: Path, ending: str = "csv") -> list[Path]:
    """Write extracts and truth, each file whole or not at all, and a note that says what they are."""
    if ending not in FORMATS:
        raise SynthError(f"Format {ending!r}: choose {' or '.join(FORMATS)}.")
    try:
        (folder / "truth").mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise SynthError(f"{folder} cannot be made or written to: choose another --out.") from problem
    written = []
    for name, table in files_of(made, ending):
        written.append(write_whole(folder / name, _writer(table, ending)))
    note = _NOTE.format(
        city=made.city,
        people=made.number,
        seed=made.seed,
        as_of=made.as_of,
        notes="\n".join(made.notes),
    )
    write_whole(folder / "SYNTHETIC.txt", lambda path: path.write_text(note, encoding="utf-8"))
    return written


def _writer(table: pl.DataFrame, ending: str) -> Callable[[Path], object]:
    if ending == "csv":
        return table.write_csv
    return lambda path: table.write_parquet(path, metadata={"synthetic": "yes: made by philoxenia synth"})
