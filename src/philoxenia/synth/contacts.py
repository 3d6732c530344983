"""Homes, telephones, mail and numbers of cards: made so that they can reach nobody.

Telephones lie in an area code that is given to nobody (555), mail in example.org (RFC 2606), streets are
words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import Parameters
from philoxenia.synth.margins import Margins
from philoxenia.synth.population import ADULT, People

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_STREETS = [
    "Acacia",
    "Alder",
    "Ash",
    "Aspen",
    "Bay",
    "Beech",
    "Birch",
    "Bluebell",
    "Bridge",
    "Brook",
    "Cedar",
    "Chapel",
    "Cherry",
    "Chestnut",
    "Church",
    "Clover",
    "College",
    "Cypress",
    "Dale",
    "Elm",
    "Fern",
    "Field",
    "Garden",
    "Glen",
    "Grove",
    "Hawthorn",
    "Hazel",
    "Heather",
    "Hill",
    "Holly",
    "Ivy",
    "Juniper",
    "King",
    "Lake",
    "Larch",
    "Laurel",
    "Lavender",
    "Lilac",
    "Linden",
    "Magnolia",
    "Main",
    "Maple",
    "Market",
    "Meadow",
    "Mill",
    "Mulberry",
    "North",
    "Oak",
    "Olive",
    "Orchard",
    "Park",
    "Pine",
    "Poplar",
    "Queen",
    "River",
    "Rose",
    "Rowan",
    "School",
    "South",
    "Spring",
    "Spruce",
    "Station",
    "Sycamore",
    "Tulip",
    "Valley",
    "Victoria",
    "View",
    "Walnut",
    "Water",
    "West",
    "Willow",
]
_KINDS = ("Street", "Road", "Avenue", "Drive", "Crescent")
_FLATS, _HIGHEST_NUMBER = 60, 3000


@dataclass(frozen=True)
class Contacts:
    """By household: home and former home as numbers that give an address. By person: telephones."""

    home: Ints
    former: Ints
    district: Ints
    former_district: Ints
    phone: Ints
    other_phone: Ints


def make_contacts(
    people: People, margins: Margins, rng: np.random.Generator, parameters: Parameters
) -> Contacts:
    """Homes by household, the former one in a district drawn by population; telephones shared or own."""
    homes = rng.integers(0, 1 << 40, people.households)
    former = rng.integers(0, 1 << 40, people.households)
    district = people.district[people.heads]
    share = margins.people / margins.people.sum()
    shared = rng.random(len(people)) < parameters["synth.shared_phone_share"]
    shared |= people.age < ADULT
    of_household = rng.integers(0, 10**7, people.households)[people.household]
    return Contacts(
        home=homes,
        former=former,
        district=district,
        former_district=rng.choice(len(share), people.households, p=share),
        phone=np.where(shared, of_household, rng.integers(0, 10**7, len(people))),
        other_phone=rng.integers(0, 10**7, len(people)),
    )


def addresses(homes: Ints) -> pl.Series:
    """A street address for each home's number."""
    frame = pl.DataFrame(
        {
            "number": homes % _HIGHEST_NUMBER + 1,
            "street": pl.Series(_STREETS).gather((homes >> 12) % len(_STREETS)),
            "kind": pl.Series(_KINDS).gather((homes >> 20) % len(_KINDS)),
            "flat": (homes >> 24) % (2 * _FLATS) + 1,
        }
    )
    flat = pl.when(pl.col("flat") <= _FLATS).then(pl.format("{}-", "flat")).otherwise(pl.lit(""))
    return frame.select(
        pl.concat_str(
            flat, pl.col("number").cast(pl.String), pl.lit(" "), "street", pl.lit(" "), "kind"
        ).alias("a")
    ).to_series()


def postal_codes(homes: Ints, district: Ints, margins: Margins) -> pl.Series:
    """A postal code of the home's district; null where the city's tables give none."""
    codes: Sequence[Sequence[str]] = [margins.postal_codes.get(d, ()) for d in margins.districts]
    pool = pl.Series("postal_code", [code for one in codes for code in one], dtype=pl.String)
    count = np.array([len(one) for one in codes])
    first = np.cumsum(count) - count
    here = count[district]
    place = np.where(here > 0, first[district] + (homes >> 30) % np.maximum(here, 1), -1)
    return (
        pool.gather(pl.Series(place).replace(-1, None))
        if len(pool)
        else pl.Series([None] * len(homes), dtype=pl.String)
    )


def phones(numbers: Ints, spaced: bool) -> pl.Series:
    """Telephone numbers of an area that is given to nobody."""
    text = pl.Series(numbers).cast(pl.String).str.zfill(7)
    if not spaced:
        return "555" + text
    return pl.select(pl.format("555-{}-{}", text.str.slice(0, 3), text.str.slice(3)).alias("p")).to_series()


def mails(given: pl.Series, people: Ints) -> pl.Series:
    """An address of mail from the given name in Latin letters and a number; null without such a name."""
    plain = given.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"[^a-z]", "")
    number = pl.Series(people % 997).cast(pl.String)
    mail = pl.select(pl.format("{}{}@example.org", plain, number).alias("m")).to_series()
    return pl.select(pl.when(plain != "").then(mail).alias("m")).to_series()


def card_numbers(people: Ints, kind: int) -> pl.Series:
    """A ten-digit number of a card for each person, different for each kind of card and person."""
    prime, digits = 7_368_787_541, 10**10
    mixed = ((people.astype(object) + 1) * prime + kind * 1_234_567_891) % digits
    return pl.Series("id", [f"{number:010d}" for number in mixed], dtype=pl.String)
