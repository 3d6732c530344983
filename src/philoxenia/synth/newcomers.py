"""People who come to a front door: newcomers' households, with their names in both scripts."""

import numpy as np
import polars as pl

from philoxenia.exchange import City
from philoxenia.reference import reference_table
from philoxenia.synth.contacts import phones
from philoxenia.synth.departments import Town
from philoxenia.synth.extracts import make_town
from philoxenia.synth.margins import margins_of
from philoxenia.synth.written_names import text_of

# Own choices for a demonstration; nothing is estimated from them.
_PER_PERSON, _LESS_OFTEN = 20, 8


def newcomers_of(city: City, number: int, seed: int, as_of: str) -> pl.DataFrame:
    """`number` people of newcomers' households; the same seed gives the same.

    Columns: household (households stand together, heads first), position, female, birth_date, papers_date
    (1 January where papers say so), language, district_id, since (2024-07), phone, needs (codes), script,
    given, family (Latin letters), own_given, own_family (own script, '' where that is Latin).
    """
    # Newcomers are some of a city: enough are made, and the first households of them taken.
    size = max(number * _PER_PERSON, 2000)
    town = make_town(city, margins_of(city), size, seed, np.datetime64(as_of, "D"))
    chosen = _chosen(town, number)
    people, named = town.people, town.named
    origin = named.origin[chosen]
    foreign = np.array([not one.latin for one in town.book.origins])[origin]
    frame = pl.DataFrame(
        {
            "household": people.household[chosen],
            "position": people.position[chosen],
            "female": people.female[chosen],
            "birth_date": pl.Series(people.born[chosen].astype("datetime64[D]")).cast(pl.String),
            "papers_date": pl.Series(town.papers[chosen].astype("datetime64[D]")).cast(pl.String),
            "language": pl.Series(list(town.margins.languages)).gather(people.language[chosen]),
            "district_id": pl.Series(list(town.margins.districts)).gather(people.district[chosen]),
            "since": _months(people.since[chosen]),
            "phone": phones(town.contacts.phone[chosen], spaced=True),
            "needs": _needs(town, chosen),
            "script": pl.Series([one.script for one in town.book.origins]).gather(origin),
        }
    )
    parts = (("given", named.given, 0), ("family", named.family, 2))
    written = {
        f"{kind}{part}": text_of(named, town.book, chosen, names, own, number, town.parameters)
        for kind, own in (("", np.zeros_like(foreign)), ("own_", foreign))
        for part, names, number in parts
    }
    frame = frame.with_columns(**{name: text.fill_null("") for name, text in written.items()})
    own = pl.col("own_given", "own_family")
    return frame.with_columns(pl.when(pl.Series(foreign)).then(own).otherwise(pl.lit("")))


def _chosen(town: Town, number: int) -> np.ndarray:
    """Positions of the first newcomers, household by household in an order drawn by their number."""
    people = town.people
    places = np.flatnonzero(people.newcomer)
    mixed = (people.household[places] * 2_654_435_761) % 2**32
    common = int(np.bincount(people.language).argmax())
    # Who speaks the city's language asks a front door less often.
    mixed = np.where(people.language[places] == common, mixed * _LESS_OFTEN, mixed)
    return places[np.lexsort((people.position[places], people.household[places], mixed))][:number]


def _months(since: np.ndarray) -> pl.Series:
    return pl.Series(since.astype("datetime64[M]").astype("datetime64[D]")).dt.strftime("%Y-%m")


def _needs(town: Town, chosen: np.ndarray) -> pl.Series:
    columns = {row: town.needs[row][chosen] for row in reference_table("synth_needs")["need"]}
    return pl.Series([";".join(need for need in columns if columns[need][at]) for at in range(len(chosen))])
