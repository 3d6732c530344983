"""Words for ids, months and lists. Owns how things are called; ignores what is said about them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.report.names import named
from philoxenia.report.numbers import interval
from philoxenia.vocabulary import Frequency, PhiloxeniaError, parse_period

_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip
_COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@cache
def _texts() -> Mapping[str, str]:
    return {row["id"]: row["text"] for row in packaged_rows("texts")}


def prose(id_: str) -> str:
    """A standing sentence or two of the report, from texts.csv."""
    return _texts()[id_]


def packaged_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the report's own tables of text."""
    content = (files("philoxenia.report") / f"{name}.csv").read_bytes()
    return pl.read_csv(content, infer_schema=False, empty_string_is_null=False).to_dicts()


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return {row["id"]: row for row in packaged_rows("words")}


@cache
def _declared(table: str) -> Mapping[str, str]:
    return dict(reference_table(table).select("id", "name").iter_rows())


def label(id_: str, own: Mapping[str, str] | None = None) -> str:
    """What an id is called: the city's word, then ours, then the id without underscores."""
    if own and id_ in own:
        return own[id_]
    known = _words().get(id_)
    return known["words"] if known else id_.replace("_", " ")


def in_usual_order(measures: Iterable[str]) -> list[str]:
    """Series in the order of words.csv, then those it does not name as they come."""
    there = list(dict.fromkeys(measures))
    usual = [id_ for id_ in _words() if id_ in there]
    return usual + [id_ for id_ in there if id_ not in usual]


def unit_of(measure: str) -> str:
    """The unit of a forecast series."""
    return _words().get(measure, {}).get("unit") or "a month"


def aspect_name(aspect: str) -> str:
    """The name of one of the four aspects."""
    return _declared("aspects").get(aspect, sentence_case(aspect.replace("_", " ")))


def service_name(service: str) -> str:
    """The name of a service."""
    return _declared("services").get(service, sentence_case(service.replace("_", " ")))


def indicator_name(indicator: str) -> str:
    """The name of an indicator."""
    return _declared("indicators").get(indicator, sentence_case(indicator.replace("_", " ")))


def period_name(time: str) -> str:
    """A period in words: March 2025, the third quarter of 2025, 2025. What cannot be read stays as it is."""
    try:
        period = parse_period(time)
    except PhiloxeniaError:
        return time
    if period.frequency is Frequency.MONTH:
        return f"{_MONTHS[period.season]} {period.year}"
    if period.frequency is Frequency.QUARTER:
        return f"{('first', 'second', 'third', 'fourth')[period.season]} quarter of {period.year}"
    return str(period.year)


def span_name(first: str, last: str) -> str:
    """From January to December 2025; the year is said once where it is the same."""
    start, end = period_name(first), period_name(last)
    if start == end:
        return f"in {start}"
    if start[-4:] == end[-4:] and " of " not in start:
        start = start[:-5]
    return f"from {start} to {end}"


def listing(items: Iterable[str]) -> str:
    """One, two and three; with a comma before the last where an item has an "and" of its own."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    joint = ", and " if any(" and " in word for word in words) else " and "
    return f"{', '.join(words[:-1])}{joint}{words[-1]}"


def names_listed(names: Sequence[str], most: int = 5) -> str:
    """Names of districts as a list, cut after `most` with the number of those left out."""
    shown_names = [named(name) for name in names[:most]]
    if len(names) <= most:
        return listing(shown_names)
    return f"{', '.join(shown_names)} and {counted(len(names) - most)} more"


def counted(number: int) -> str:
    """Small numbers as words, as in running text."""
    return _COUNTED[number] if 0 <= number < len(_COUNTED) else f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Two districts, one district."""
    return f"{counted(number)} {one if number == 1 else many or one + 's'}"


def inside_sentence(text: str) -> str:
    """A name of our own with its first letter small; abbreviations stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def sentence_case(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def futures(share: float) -> str:
    """A share of futures: in 86 of 100 futures."""
    number = round(100 * share)
    if number >= 100:
        return "in every future tried"
    if number <= 0:
        return "in none of the futures tried" if share <= 0 else "in fewer than 1 of 100 futures"
    return f"in {number} of 100 futures"


def series_sentence(measure: str, amount: str, span: str, own: Mapping[str, str] | None = None) -> str:
    """What a forecast says: 8,400 people (5,700 to 13,200) may come to shelter for the first time in 2025."""
    saying = _words().get(measure, {}).get("saying")
    if not saying or (own and measure in own):
        return f"{sentence_case(label(measure, own))} {span}: {amount}"
    noun, _, rest = saying.removeprefix("{amount} ").partition(" may ")
    return f"{amount_of(noun, amount)} may {rest}".replace("{span}", span)


def amount_of(unit: str, amount: str) -> str:
    """An interval with its unit: 900 places a night (0 to 1,800)."""
    middle, _, bracket = amount.partition(" (")
    return f"{middle} {unit}{' (' + bracket if bracket else ''}"


def short_by(unit: str, month: str, gap: tuple[float, float, float]) -> str:
    """218 beds short in March (90 to 340)."""
    return amount_of(f"{unit} short in {month}", interval(*gap))
