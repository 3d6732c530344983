"""Who stands on which department's list, and what that list looks like.

Owns the departments' records; the city's people, names and needs come from elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import Parameters, reference_table
from philoxenia.synth.birth_dates import written as written_dates
from philoxenia.synth.contacts import Contacts, addresses, card_numbers, mails, phones, postal_codes
from philoxenia.synth.margins import Margins
from philoxenia.synth.names import Book
from philoxenia.synth.naming import Named
from philoxenia.synth.population import People
from philoxenia.synth.slips import Slips, chosen, emptied, mistyped
from philoxenia.synth.written_names import styled, written_names

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
CARDS = ("id_health", "id_city_card", "id_social", "id_school")
YES = "yes"


@dataclass(frozen=True)
class Town:
    """Everything that is true of the test people, before anybody writes it down."""

    city: str
    people: People
    named: Named
    papers: Ints
    contacts: Contacts
    needs: Mapping[str, Bools]
    margins: Margins
    book: Book
    parameters: Parameters


def departments() -> list[dict[str, str]]:
    """The departments of the table `synth_departments`, a row each."""
    return list(reference_table("synth_departments").iter_rows(named=True))


def make_list(
    town: Town, row: Mapping[str, str], rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One department's extract in the columns of the people contract, and the truth about each record."""
    who = _on_the_list(town, row, rng)
    slips = Slips(len(who), float(row["care"]), rng)
    twice = slips.meet("registered_twice")
    who = np.concatenate([who, who[twice]])
    first = slips.made["registered_twice"]
    slips = Slips(len(who), float(row["care"]), rng)
    slips.made["registered_twice"] = np.concatenate(
        [np.zeros_like(first), np.ones(int(first.sum()), np.bool_)]
    )
    order = rng.permutation(len(who))
    who = who[order]
    slips.made["registered_twice"] = slips.made["registered_twice"][order]
    names, own = written_names(town.named, who, town.book, slips, float(row["own_script"]), town.parameters)
    origin = town.named.origin[who]
    family_first = np.array([t.system == "family_first" for t in town.book.origins])[origin]
    columns: dict[str, pl.Series] = {"record_id": _record_ids(row["department"], len(who))}
    columns |= styled(names, row["names"], row["upper_case"] == YES, family_first)
    columns["birth_date"] = written_dates(town.papers[who], origin, town.book, row["dates"], slips)
    columns |= _person(town, who, slips)
    columns |= _contact(town, who, row, slips)
    columns |= _cards(who, row, slips)
    columns |= _services(town, who, row, slips)
    extract = pl.DataFrame(columns).with_columns(pl.lit(True).alias("synthetic"))
    return extract, _truth(town, who, row["department"], extract["record_id"], own, slips)


def _on_the_list(town: Town, row: Mapping[str, str], rng: np.random.Generator) -> Ints:
    """Positions of the people the department knows."""
    people = town.people
    age = (people.age >= int(row["age_low"])) & (people.age <= int(row["age_high"]))
    chance = np.full(len(people), float(row["share_without"]))
    if row["need"]:
        chance = np.where(town.needs[row["need"]], float(row["share_with_need"]), chance)
    chance = chance * np.where(people.newcomer, float(row["newcomer_factor"]), 1.0)
    return np.flatnonzero(age & (rng.random(len(people)) < chance))


def _record_ids(department: str, count: int) -> pl.Series:
    mark = department[:3].upper()
    return pl.Series("record_id", [f"{mark}{number:07d}" for number in range(1, count + 1)], dtype=pl.String)


def _person(town: Town, who: Ints, slips: Slips) -> dict[str, pl.Series]:
    """Sex, language and the month of arrival in the city."""
    female = town.people.female[who] ^ slips.meet("sex_wrong")
    sex = chosen(female, "female", pl.Series(["male"]).new_from_index(0, len(who)))
    codes = pl.Series("language", [None if code == "und" else code for code in town.margins.languages])
    language = codes.gather(town.people.language[who])
    since = town.people.since[who] + np.where(
        slips.meet("since_off"), slips.rng.choice([-3, -2, -1, 1, 2, 3], len(who)), 0
    )
    months = pl.Series(since.astype("datetime64[M]").astype("datetime64[D]")).dt.strftime("%Y-%m")
    return {
        "sex": emptied(sex, slips.meet("sex_missing")),
        "language": emptied(language, slips.meet("language_missing")),
        "in_city_since": emptied(months, slips.meet("since_missing")),
    }


def _contact(town: Town, who: Ints, row: Mapping[str, str], slips: Slips) -> dict[str, pl.Series]:
    """Telephone, mail and home, the present or the former one."""
    household, contacts = town.people.household[who], town.contacts
    moved = slips.meet("moved")
    home = np.where(moved, contacts.former[household], contacts.home[household])
    district = np.where(moved, contacts.former_district[household], contacts.district[household])
    missing = slips.meet("address_missing")
    number = np.where(slips.meet("phone_other"), contacts.other_phone[who], contacts.phone[who])
    latin = town.book.written(town.named.given[who], np.ones(len(who), np.int64))
    districts = pl.Series("district_id", list(town.margins.districts))
    return {
        "phone": emptied(phones(number, row["names"] == "parts"), slips.meet("phone_missing")),
        "email": emptied(mails(latin, who), slips.meet("email_missing")),
        "address": emptied(addresses(home), missing),
        "postal_code": emptied(postal_codes(home, district, town.margins), missing),
        "locality": pl.Series([town.city]).new_from_index(0, len(who)),
        "district_id": emptied(districts.gather(district), missing),
    }


def _cards(who: Ints, row: Mapping[str, str], slips: Slips) -> dict[str, pl.Series]:
    found = {}
    for card in row["identifiers"].split(";"):
        text = card_numbers(who, CARDS.index(card))
        text = mistyped(text, slips.meet("identifier_typo"), slips.rng, digits=True)
        found[card] = emptied(text, slips.meet("identifier_missing"))
    return found


def _services(town: Town, who: Ints, row: Mapping[str, str], slips: Slips) -> dict[str, pl.Series]:
    """Needs the department asks for, as far as it wrote them down, and its own number of the household."""
    asked = []
    for need in row["needs_seen"].split(";"):
        has = town.needs[need][who]
        noted = has & ~slips.meet("need_missed", has)
        asked.append(pl.when(pl.Series(noted)).then(pl.lit(need)).otherwise(None).alias(need))
    columns = {"needs": codes(asked)}
    if row["households"] == YES:
        # Each department numbers households for itself: the numbers must not link its list to another's.
        numbers = slips.rng.permutation(town.people.households)[town.people.household[who]] + 1
        columns["household_id"] = "H" + pl.Series(numbers).cast(pl.String).str.zfill(7)
    return columns


def codes(columns: Sequence[pl.Expr]) -> pl.Series:
    """The codes of each row joined by semicolons; null where there is none."""
    joined = pl.concat_str(columns, separator=";", ignore_nulls=True)
    return pl.select(pl.when(joined != "").then(joined).alias("needs")).to_series()


def _truth(town: Town, who: Ints, source: str, records: pl.Series, own: Bools, slips: Slips) -> pl.DataFrame:
    """Which person each record is, with what error rates are told by: script, sex, origin of the name."""
    origins = pl.Series("origin", [tradition.name for tradition in town.book.origins])
    scripts = pl.Series("script", [tradition.script for tradition in town.book.origins])
    origin = town.named.origin[who]
    return pl.DataFrame(
        {
            "source": pl.Series([source]).new_from_index(0, len(who)),
            "record": records,
            "person": person_ids(who),
            "script": chosen(own, scripts.gather(origin), pl.Series(["Latn"]).new_from_index(0, len(who))),
            "sex": chosen(town.people.female[who], "female", pl.Series(["male"]).new_from_index(0, len(who))),
            "name_origin": origins.gather(origin),
            "errors": slips.told(),
            "synthetic": pl.Series([True]).new_from_index(0, len(who)),
        }
    )


def person_ids(who: Ints) -> pl.Series:
    """The number of each person in the truth."""
    return "P" + pl.Series(who + 1).cast(pl.String).str.zfill(8)
