"""Cells of a listing that hold several things: phones, languages, hours, nested terms."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from philoxenia.exchange.hsds.opening_times import read_opening_times

Tables = dict[str, pl.DataFrame]
_PHONES = {"phone": "voice", "toll_free": "voice", "crisis_phone": "voice", "tty": "textphone", "fax": "fax"}
_SAID = {"toll_free": "Toll free", "crisis_phone": "Crisis line"}
_NUMBER = re.compile(
    r"(\+?[(\d][\d\s().\-–/]{1,22}\d)(?:\s*(?:,|;)?\s*(?:ext|extension|x|poste|local)\.?\s*(\d{1,6}))?",
    re.IGNORECASE,
)
# A longer cell holds no phones; each number found is looked at beside all the rest of it.
_LONGEST = 2000
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = dict(zip(_WEEK, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))


def _frame(rows: list[dict[str, Any]], *names: str) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )


def _each(
    rows: pl.DataFrame, column: str, read: Callable[[str], Any], *beside: str
) -> Iterator[tuple[Any, ...]]:
    """What each filled cell says, read once for each different text, beside other columns of its row."""
    filled = rows.drop_nulls(column)
    known = {text: read(text) for text in filled[column].unique()}
    for text, *others in filled.select(column, *beside).iter_rows():
        yield known[text], *others


def read_phones(text: str) -> list[tuple[str, str, str]]:
    """(number, extension, what is said of it) of each number in a text."""
    found = []
    for part in re.split(r"[;\n|]|\s/\s|,\s*(?=[^\d]*\d{3})| or ", text[:_LONGEST]):
        for match in _NUMBER.finditer(part):
            about = (part[: match.start()] + " " + part[match.end() :]).strip(" :,.()-–*")
            number = re.sub(r"\s+", " ", match[1]).strip()
            if len(re.sub(r"\D", "", number)) >= 3:
                found.append((number, match[2] or "", re.sub(r"\s+", " ", about)))
    return found


def phones(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers of services, each once; of a service at several places, each number belongs to its place."""
    names = ("id", "service_id", "service_at_location_id", "number", "extension", "type", "description")
    made: dict[str, dict[str, str | None]] = {}
    beside = ("service", "link", "places")
    for column, kind in _PHONES.items():
        for numbers, service, link, places in _each(rows, column, read_phones, *beside):
            owner, name = (link, "service_at_location_id") if places > 1 and link else (service, "service_id")
            for number, extension, about in numbers:
                key = f"phone:{owner}|{re.sub(r'[^0-9+]', '', number)}|{extension}|{kind}"
                told = "; ".join(word for word in (_SAID.get(column, ""), about) if word) or None
                one = {"id": key, name: owner, "number": number, "extension": extension or None}
                made.setdefault(key, one | {"type": kind, "description": told})
    return _frame(list(made.values()), *names)


def languages(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each language named, without what stands in brackets."""
    found: dict[str, dict[str, str]] = {}
    for names, service in _each(rows, "languages", _names, "service"):
        for name in names:
            found.setdefault(
                f"language:{service}|{name.lower()}",
                {"id": f"language:{service}|{name.lower()}", "service_id": service, "name": name},
            )
    return _frame(list(found.values()), "id", "service_id", "name")


def _names(text: str) -> list[str]:
    parts = (
        re.sub(r"\s+", " ", part).strip(" .") for part in re.split(r"[;,/\n|]|\band\b|\bet\b|\by\b", text)
    )
    return [part for part in parts if part and len(part) < 60]


def schedules(rows: pl.DataFrame) -> pl.DataFrame:
    """Opening hours at a place, or of the service where it has none; what cannot be read stays in words."""
    found: dict[str, dict[str, str | None]] = {}
    for openings, text, service, link in _each(
        rows.with_columns(__text=pl.col("hours")), "hours", read_opening_times, "__text", "service", "link"
    ):
        owner = {"service_at_location_id": link} if link else {"service_id": service}
        key = f"hours:{link or service}"
        if not openings:
            found.setdefault(key, {"id": key, **owner, "description": text})
        for number, one in enumerate(openings):
            found.setdefault(
                f"{key}|{number}",
                {
                    "id": f"{key}|{number}",
                    **owner,
                    "freq": "WEEKLY",
                    "byday": one.byday,
                    "opens_at": one.opens_at,
                    "closes_at": one.closes_at,
                },
            )
    _by_weekday(rows, found)
    return _frame(
        list(found.values()),
        "id",
        "service_id",
        "service_at_location_id",
        "freq",
        "byday",
        "opens_at",
        "closes_at",
        "description",
    )


def _by_weekday(rows: pl.DataFrame, found: dict[str, dict[str, str | None]]) -> None:
    for name in _WEEK:

        def read(text: str, day: str = name) -> Any:
            return read_opening_times(f"{day} {text}")

        for openings, service, link in _each(rows, f"hours_{name}", read, "service", "link"):
            owner = {"service_at_location_id": link} if link else {"service_id": service}
            for number, one in enumerate(openings):
                key = f"hours:{link or service}|{_DAY[name]}|{number}"
                found.setdefault(
                    key,
                    {
                        "id": key,
                        **owner,
                        "freq": "WEEKLY",
                        "byday": one.byday,
                        "opens_at": one.opens_at,
                        "closes_at": one.closes_at,
                    },
                )


def texts(rows: pl.DataFrame, column: str, field: str, table: str) -> pl.DataFrame:
    """One row for each part of a cell between semicolons."""
    parts = (
        rows.drop_nulls(column).select("service", pl.col(column).str.split(";").alias("part")).explode("part")
    )
    parts = (
        parts.with_columns(pl.col("part").str.strip_chars())
        .filter(pl.col("part") != "")
        .unique(maintain_order=True)
    )
    return parts.select(
        pl.concat_str(pl.lit(f"{table}:"), "service", pl.lit("|"), "part").alias("id"),
        pl.col("service").alias("service_id"),
        pl.col("part").alias(field),
    )


def read_terms(text: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(levels from the widest down, people it is for) of each term: `A - B - C * D; E`."""
    found = []
    for one in re.split(r"[;\n|]", text):
        what, *people = (part.strip() for part in one.split("*"))
        levels = tuple(level.strip() for level in re.split(r"\s+[-–>]\s+|\s*::\s*", what) if level.strip())
        if levels:
            found.append((levels, tuple(person for person in people if person)))
    return found


def terms(rows: pl.DataFrame) -> Tables:
    """Terms with the levels above them, and which service has which; people after `*` are terms of their
    own kind."""
    known: dict[str, dict[str, str | None]] = {}
    links: dict[str, dict[str, str]] = {}
    for read, service in _each(rows, "services", read_terms, "service"):
        for levels, people in read:
            chosen = [(_hung(known, levels), "service_category")]
            chosen += [(_hung(known, (person,), "people"), "eligibility") for person in people]
            for term, kind in chosen:
                key = f"{service}|{term}"
                links.setdefault(
                    key,
                    {
                        "id": key,
                        "link_id": service,
                        "link_entity": "service",
                        "link_type": kind,
                        "taxonomy_term_id": term,
                    },
                )
    _coded(rows, known, links)
    return {
        "taxonomy_term": _frame(list(known.values()), "id", "code", "name", "parent_id", "taxonomy"),
        "attribute": _frame(
            list(links.values()), "id", "link_id", "link_entity", "link_type", "taxonomy_term_id"
        ),
    }


def _hung(
    known: dict[str, dict[str, str | None]], levels: tuple[str, ...], taxonomy: str = "services"
) -> str:
    parent = None
    for depth in range(1, len(levels) + 1):
        key = f"made-{taxonomy}:" + " - ".join(levels[:depth]).lower()
        known.setdefault(
            key,
            {"id": key, "code": None, "name": levels[depth - 1], "parent_id": parent, "taxonomy": taxonomy},
        )
        parent = key
    return str(parent)


def _coded(
    rows: pl.DataFrame, known: dict[str, dict[str, str | None]], links: dict[str, dict[str, str]]
) -> None:
    """Codes where the source gives them beside or instead of words: one for one with the terms, else
    alone."""
    for codes, text, service in _each(
        rows,
        "codes",
        lambda text: [c.strip() for c in re.split(r"[;,|*\n]", text) if c.strip()],
        "services",
        "service",
    ):
        read = read_terms(text) if text else []
        if len(read) == len(codes):
            for (levels, _), code in zip(read, codes, strict=True):
                known[_hung(known, levels)]["code"] = code
            continue
        for code in codes:
            known.setdefault(
                f"made-code:{code}",
                {
                    "id": f"made-code:{code}",
                    "code": code,
                    "name": code,
                    "parent_id": None,
                    "taxonomy": "codes",
                },
            )
            links.setdefault(
                f"{service}|{code}",
                {
                    "id": f"{service}|{code}",
                    "link_id": service,
                    "link_entity": "service",
                    "link_type": "service_category",
                    "taxonomy_term_id": f"made-code:{code}",
                },
            )
