"""How foresight is told to one reader: language, direction, currency, names of things, width of pictures.

Owns the words; ignores what is said with them. Sentences are rows of texts.csv and names rows of names.csv;
`say` is a translator such as gettext that turns each English row into the reader's language, before values
are put into it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.report import numbers
from philoxenia.report.charts import Setting
from philoxenia.report.foresight.types import Foresight
from philoxenia.report.words import service_name

# Keeps a minus before its figure in right-to-left text.
_LEFT_TO_RIGHT_MARK, _MINUS = "\u200e", "−"
_RIGHT_TO_LEFT, _OF_ITS_OWN, _AS_BEFORE = "\u2067", "\u2068", "\u2069"
Names = Mapping[str, str]
# Uncertainties called after an action; all others are called after a measure or a service.
_OF_ACTIONS = {"effect", "cost", "lead", "benefit", "value"}


@cache
def rows_of(table: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the tables of text in this folder."""
    content = (files("philoxenia.report.foresight") / f"{table}.csv").read_bytes()
    return tuple(pl.read_csv(content, infer_schema=False, empty_string_is_null=False).to_dicts())


@cache
def _texts(table: str) -> Mapping[str, str]:
    return {row["id"]: row["text"] for row in rows_of(table)}


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class View(Setting):
    """The reader. `names`: what actions, plans, measures and uncertainties are called, by id, in words that
    `say` may know. `months`, `marks` (between thousands, before decimals), `width` as of a `Setting`."""

    say: Callable[[str], str] = _as_it_is
    language: str = "en"
    right_to_left: bool = False
    currency: str = ""
    names: Names = field(default_factory=dict)

    def text(self, id_: str, **values: object) -> str:
        """A row of texts.csv in the reader's language with its values."""
        english = _texts("texts")[id_]
        try:
            return self.say(english).format(**values)
        except (KeyError, IndexError, ValueError):
            # A translation with other places for values must not cost the reader the document.
            return english.format(**values)

    def own(self, text: str | None) -> str:
        """A city's own text, as the translator knows it; nothing stays nothing."""
        return self._apart(self.say(text)) if text else ""

    def _apart(self, text: str) -> str:
        """Words that may be of another direction than the line they stand in, kept together."""
        return f"{_OF_ITS_OWN}{text}{_AS_BEFORE}" if self.right_to_left else text

    def name(self, id_: str) -> str:
        """What an id is called: the study's word, then ours, then built from its parts, then the id."""
        own = self.names.get(id_)
        if own:
            return self._apart(self.say(own))
        known = _texts("names").get(id_)
        if known:
            return self.say(known)
        kind, dot, rest = id_.partition(".")
        pattern = _texts("names").get(f"{kind}.*") if dot else None
        if pattern:
            part = self.name(rest) if kind in _OF_ACTIONS else self.service(rest)
            return self.say(pattern).format(name=part)
        return self.service(id_)

    def service(self, id_: str) -> str:
        """What a service is called, even where an action has the same id."""
        if id_ in _services():
            return self.say(service_name(id_))
        known = _texts("names").get(id_)
        return self.say(known) if known else id_.replace("_", " ").replace(".", " ")

    def indicator(self, id_: str) -> str:
        """What a monthly indicator is called; an uncertainty over all months may have the same id."""
        own = _texts("names").get(f"indicator.{id_}")
        return self.say(own) if own else self.name(id_)

    def together(self, text: str) -> str:
        """Figures and words as one piece of right-to-left text, whatever stands beside it."""
        return f"{_RIGHT_TO_LEFT}{text}{_AS_BEFORE}" if self.right_to_left and text else text

    def number(self, value: float | None, figures: int = 3) -> str:
        """At most `figures` significant figures, with the reader's signs."""
        return self._local(numbers.shown(value, figures))

    def rounded(self, value: float, decimals: int) -> str:
        """With a fixed number of decimals, as the amounts of a column are."""
        text = f"{value:,.{decimals}f}"
        return self._local(text.replace("-", "−") if text.strip("-0.,") else text.lstrip("-"))

    def percent(self, share: float | None) -> str:
        """A share of 0 to 1 in percent."""
        return self._local(numbers.percent(share))

    def interval(self, middle: float | None, low: float | None, high: float | None) -> str:
        """4,900 (4,100 to 6,000)."""
        first, least, most = self.apart(middle, low, high)
        return self.together(self.text("interval", middle=first, low=least, high=most)) if least else first

    def money(self, middle: float | None, low: float | None = None, high: float | None = None) -> str:
        """An amount with its currency and interval: 12.4 million CAD (3.1 million to 20.0 million)."""
        first, least, most = self.apart(middle, low, high)
        amount = self.text("money", figure=first, currency=self.currency).strip()
        return self.together(self.text("interval", middle=amount, low=least, high=most) if least else amount)

    def apart(self, middle: float | None, low: float | None, high: float | None) -> tuple[str, str, str]:
        """A figure, its low and its high in three pieces; the last two empty where there is no interval."""
        first, _bracket, rest = numbers.interval(middle, low, high).partition(" (")
        least, _to, most = rest.removesuffix(")").partition(" to ")
        return self._local(first), self._local(least) if least else "", self._local(most) if most else ""

    def loses(self, share: float) -> str:
        """How often somebody loses: loses in 3 of 100 futures."""
        return (
            self.text("chart.loses", futures=self.futures(share)) if share > 0 else self.text("chart.never")
        )

    def futures(self, share: float) -> str:
        """A share of futures: in 86 of 100 futures."""
        if share <= 0:
            return self.text("futures.none")
        if share >= 1:
            return self.text("futures.all")
        if round(100 * share) < 1:
            return self.text("futures.few")
        return self.text("futures.some", count=min(round(100 * share), 99))

    def month(self, time: str) -> str:
        """A month in words; another period as it is written."""
        year, dash, month = time.partition("-")
        known = dash and month.isdigit() and 1 <= int(month) <= len(self.months)
        return f"{self.months[int(month) - 1]} {year}" if known else time

    def listing(self, items: Sequence[str]) -> str:
        """One, two and three."""
        words = list(items)
        if len(words) < 2:
            return "".join(words)
        return self.text("and", first=self.text("comma").join(words[:-1]), second=words[-1])

    def _local(self, text: str) -> str:
        figure, million, _rest = text.partition(" million")
        group, decimal = self.marks
        figure = "".join({",": group, ".": decimal}.get(sign, sign) for sign in figure)
        if self.right_to_left and figure.startswith(_MINUS):
            figure = _LEFT_TO_RIGHT_MARK + figure
        return self.text("million", figure=figure) if million else figure


ENGLISH = View()


def reader(
    found: Foresight, language: str, words: Callable[[str], str] | Mapping[str, str] | None, width: int
) -> View:
    """The reader of a case. Without words it is English, whatever language is asked: a document must not say
    that it is in a language it is not in."""
    say = _as_it_is if words is None else words if callable(words) else _from_mapping(words)
    code = language.split("-")[0].lower() if words is not None else "en"
    row = next((row for row in rows_of("languages") if row["id"] == code), rows_of("languages")[0])
    titles = dict(found["actions"].select("action", "title").iter_rows())
    funders = {name: title for name, title in found["budgets"].select("funder", "title").iter_rows() if title}
    view = View(
        say=say,
        language=code,
        right_to_left=row["text"] == "rtl",
        marks=(row["thousands"], row["decimal"]),
        currency=found.city.currency,
        names={**found.labels, **funders, **titles},
        width=width,
    )
    return replace(view, months=tuple(view.text(f"month.{number}") for number in range(1, 13)))


def _from_mapping(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: words.get(text) or text


@cache
def _services() -> frozenset[str]:
    return frozenset(reference_table("services")["id"])
