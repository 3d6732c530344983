"""Names for people: families share theirs, fathers give theirs, documents spell them one way.

Owns who is called what; ignores how departments then write it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from philoxenia.reference import Parameters
from philoxenia.synth.margins import Margins
from philoxenia.synth.names import OTHER, Book, Origin, chances
from philoxenia.synth.population import ADULT, People

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Drawn = Callable[[Ints, str], Ints]
NOBODY = -1


@dataclass(frozen=True)
class Named:
    """Names by person, as numbers of the book (-1 for none), and the form documents write each in.

    `second` is a second given name, a patronymic or the father's name; `family_2` a second family name.
    """

    origin: Ints
    given: Ints
    second: Ints
    father: Ints
    family: Ints
    family_2: Ints
    spelling: Ints


def name_people(
    people: People, margins: Margins, book: Book, rng: np.random.Generator, parameters: Parameters
) -> Named:
    """A name for everybody, by the language of the household and the family they live in."""
    origin = _origins(people, margins, book, rng, parameters)
    given, father, family, second, family_2 = (np.full(len(people), NOBODY) for _ in range(5))
    for number, tradition in enumerate(book.origins):
        here = np.flatnonzero(origin == number)
        if not len(here):
            continue
        draw = _drawing(tradition, rng, parameters)
        given[here] = _by_sex(people.female[here], draw)
        father[here] = draw(here, "given_male")
        family[here] = draw(here, "family") if len(tradition.names["family"]) else NOBODY
        family_2[here] = draw(here, "family") if tradition.system == "two_families" else NOBODY
    _as_families(people, given, father, family, family_2, rng, parameters)
    for number, tradition in enumerate(book.origins):
        here = np.flatnonzero(origin == number)
        female = people.female[here]
        draw = _drawing(tradition, rng, parameters)
        second[here] = _second(tradition, here, female, father[here], draw, rng, parameters)
        if tradition.system == "father_last":
            family[here] = father[here]
        if tradition.system == "father_only":
            family[here] = _after_grandfather(people, here, father, draw)
        family[here] = np.where(
            female, _paired(family[here], tradition.pairs["feminine"], keep=True), family[here]
        )
    return Named(origin, given, second, father, family, family_2, _spellings(people, origin, rng, parameters))


def _origins(
    people: People, margins: Margins, book: Book, rng: np.random.Generator, parameters: Parameters
) -> Ints:
    """The tradition of a household is its language's; some who speak the common one keep another's names."""
    of_language = np.array(
        [book.by_language.get(code, book.by_language[OTHER]) for code in margins.languages]
    )
    heads = people.heads
    language = people.language[heads]
    common = int(np.argmax(margins.language.sum(axis=0)))
    heritage = (language == common) & (rng.random(len(heads)) < parameters["synth.heritage_names_share"])
    others = margins.language.copy()
    others[:, common] = 0.0
    others[others.sum(axis=1) == 0, common] = 1.0
    cumulative = np.cumsum(others / others.sum(axis=1, keepdims=True), axis=1)
    drawn = (rng.random(len(heads))[:, None] > cumulative[people.district[heads]]).sum(axis=1)
    language = np.where(heritage, np.minimum(drawn, len(of_language) - 1), language)
    return np.asarray(of_language[language][people.household])


def _drawing(tradition: Origin, rng: np.random.Generator, parameters: Parameters) -> Drawn:
    def draw(where: Ints, part: str) -> Ints:
        names = tradition.names[part]
        return np.asarray(rng.choice(names, size=len(where), p=chances(len(names), parameters)))

    return draw


def _by_sex(female: Bools, draw: Drawn) -> Ints:
    everyone = np.arange(len(female))
    return np.where(female, draw(everyone, "given_female"), draw(everyone, "given_male"))


def _as_families(
    people: People,
    given: Ints,
    father: Ints,
    family: Ints,
    family_2: Ints,
    rng: np.random.Generator,
    parameters: Parameters,
) -> None:
    """One family name a household, but for some partners; children have their father's name after theirs."""
    heads = people.heads[people.household]
    own = (people.position == 1) & (people.age >= ADULT)
    own &= rng.random(len(people)) < parameters["synth.partner_keeps_name_share"]
    family[~own] = family[heads][~own]
    child = (people.age < ADULT) & (people.position > 0)
    family_2[child] = family_2[heads][child]
    father[child] = np.where(people.female[heads], father[heads], given[heads])[child]
    partner = np.full(people.households, NOBODY)
    second = np.flatnonzero((people.position == 1) & (people.age >= ADULT) & ~people.female)
    partner[people.household[second]] = second
    other = partner[people.household]
    use = child & people.female[heads] & (other >= 0)
    father[use] = given[other[use]]


def _after_grandfather(people: People, here: Ints, father: Ints, draw: Drawn) -> Ints:
    """Where the father's father's name stands last: that of the head's father for children of a man."""
    heads = people.heads[people.household[here]]
    child = (people.age[here] < ADULT) & (people.position[here] > 0) & ~people.female[heads]
    return np.where(child, father[heads], draw(here, "given_male"))


def _second(
    tradition: Origin,
    here: Ints,
    female: Bools,
    father: Ints,
    draw: Drawn,
    rng: np.random.Generator,
    parameters: Parameters,
) -> Ints:
    if tradition.system == "patronymic":
        son, daughter = (_paired(father, tradition.pairs[kind]) for kind in ("son", "daughter"))
        return np.where(female, daughter, son)
    if tradition.system in ("father", "father_only"):
        return father
    if tradition.system in ("second", "two_families"):
        has = rng.random(len(here)) < parameters["synth.second_name_share"]
        return np.where(has, _by_sex(female, draw), NOBODY)
    return np.full(len(here), NOBODY)


def _paired(names: Ints, pairs: Mapping[int, int], keep: bool = False) -> Ints:
    """The counterpart of each name; itself (`keep`) or none where there is none."""
    return np.array([pairs.get(name, name if keep else NOBODY) for name in names.tolist()], dtype=np.int64)


def _spellings(people: People, origin: Ints, rng: np.random.Generator, parameters: Parameters) -> Ints:
    """A number that decides the spelling of a person's documents, mostly the same in a household."""
    together = rng.integers(0, 1 << 30, people.households)[people.household]
    alone = rng.integers(0, 1 << 30, len(people))
    same = rng.random(len(people)) < parameters["synth.same_spelling_share"]
    return np.where(same, together, alone)
