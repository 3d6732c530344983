"""A report as data: sections, sentences, tables and figures, said once and rendered as page and as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell: words, the exact figure behind them, a link inside the document, a small graphic."""

    text: str = ""
    exact: str = ""
    href: str = ""
    graphic: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table; `graphic` columns hold dot-and-band strips."""

    title: str
    numeric: bool = False
    graphic: bool = False


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows. `fold` is the line it hides under, empty for none."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    fold: str = ""
    in_print: bool = True


@dataclass(frozen=True)
class Swatch:
    """One class of a legend: the token of its colour or pattern, and its words."""

    token: str
    text: str


@dataclass(frozen=True)
class Legend:
    """What the classes of a map mean, with numbers."""

    title: str
    swatches: tuple[Swatch, ...]


@dataclass(frozen=True)
class Picture:
    """One drawing: `inline` for the page (follows dark mode), `standalone` for print, `label` in words."""

    inline: str
    standalone: str
    label: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """Pictures under one finding, the same in words, and where it comes from."""

    id: str
    title: str
    pictures: tuple[Picture, ...]
    words: tuple[str, ...] = ()
    legend: Legend | None = None
    source: str = ""
    wide: bool = False
    in_print: bool = True


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list of sentences; `fold` is the line it hides under, empty for none."""

    items: tuple[str, ...]
    fold: str = ""
    in_print: bool = True


@dataclass(frozen=True)
class Missing:
    """What cannot be shown, and how to provide it."""

    what: str
    remedy: str = ""


Block = Text | Points | Missing | Figure | Table


@dataclass(frozen=True)
class Part:
    """A sub-section; `beside` sets its figure and first table next to each other where there is room,
    `columns` sets several figures in columns."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    beside: bool = False
    columns: int = 1


@dataclass(frozen=True)
class Section:
    """A question, its answer, blocks, the parts that show it, and what remains to be said."""

    id: str
    title: str
    answer: str
    parts: tuple[Part, ...] = ()
    blocks: tuple[Block, ...] = ()
    closing: tuple[Block, ...] = ()


@dataclass(frozen=True)
class KeyFinding:
    """One figure of the first page with its interval and a sentence."""

    figure: str
    interval: str
    sentence: str
    href: str


@dataclass(frozen=True)
class Profile:
    """All that is known of one district, for looking it up."""

    id: str
    anchor: str
    name: str
    facts: tuple[str, ...]
    scores: tuple[tuple[Cell, ...], ...] = ()
    services: tuple[tuple[Cell, ...], ...] = ()
    indicators: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True)
class Document:
    """The whole report."""

    city: str
    title: str
    answer: str
    facts: tuple[str, ...]
    keys: tuple[KeyFinding, ...]
    sections: tuple[Section, ...]
    profiles: tuple[Profile, ...] = ()
    kind: str = "City report"
    beside: str = ""


def present(blocks: Sequence[Block | None]) -> tuple[Block, ...]:
    """The blocks that are there."""
    return tuple(block for block in blocks if block is not None)


def folded(items: Sequence[str], title: str) -> tuple[Points, ...]:
    """A folded list with its length in the title; nothing where there is nothing."""
    return (Points(tuple(items), fold=f"{title} ({len(items)})"),) if items else ()
