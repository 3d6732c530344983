"""Every string people read: from our Python, our templates, and the names in the engine's tables.

Works without GNU gettext: Babel reads Python; Django turns a template into something like Python that
Babel can read.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parent.parent
ENGINE = WEB.parent / "philoxenia"

_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Where the engine keeps names that pages show translated: table, columns.
_NAMES = (
    ("reference/tables/aspects.csv", ("name", "question")),
    ("reference/tables/services.csv", ("name", "unit", "demand_name", "note")),
    ("reference/tables/indicators.csv", ("name", "definition", "unit", "per", "about", "note")),
    ("reference/tables/parameters_arrivals.csv", ("description", "unit")),
    ("reference/tables/parameters_needs.csv", ("description", "unit")),
    ("reference/tables/parameters_scenarios.csv", ("description", "unit")),
    ("reference/tables/parameters_futures.csv", ("description", "unit")),
    ("reference/tables/parameters_valuation.csv", ("description", "unit")),
    ("reference/tables/shocks.csv", ("description", "size_unit")),
    ("reference/tables/crf_goals.csv", ("dimension", "name", "question")),
    ("reference/tables/service_rates.csv", ("description", "unit")),
    ("reference/tables/casework/consent_purposes.csv", ("words", "notice", "recipients", "without")),
    ("reference/tables/casework/retention.csv", ("words", "kept", "counted_from", "source")),
    ("report/words.csv", ("words", "unit")),
    ("report/method.csv", ("text",)),
    ("report/glossary.csv", ("word", "meaning")),
    ("report/tables.csv", ("description",)),
    ("report/foresight/texts.csv", ("text",)),
    ("report/foresight/names.csv", ("text",)),
)
# The gallery is for those who build pages; it speaks English and says so.
_NOT_TRANSLATED = {"gallery.html", "gallery.py"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


@dataclass(frozen=True)
class Message:
    """One string, with its plural and its context where it has them."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue finds it by."""
        return self.context, self.text


@dataclass
class Gathered:
    """All strings with the files they stand in."""

    places: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)

    def add(self, message: Message, place: str) -> None:
        """Note a string; one with a plural replaces the same without."""
        known = self.messages.get(message.key)
        if known is None or (message.plural and not known.plural):
            self.messages[message.key] = message
        self.places.setdefault(message.key, set()).add(place)


def gather() -> Gathered:
    """Every string of the application."""
    found = Gathered()
    for path in sorted(WEB.rglob("*.py")):
        if path.name not in _NOT_TRANSLATED:
            _add_all(found, of_python(path.read_bytes()), _place(path))
    for path in sorted(WEB.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt") and path.name not in _NOT_TRANSLATED:
            _add_all(found, of_template(path.read_text(encoding="utf-8")), _place(path))
    for table, columns in _NAMES:
        _add_all(found, _of_table(ENGINE / table, columns), f"philoxenia/{table}")
    for path in sorted((ENGINE / "exchange" / "contracts").glob("*.toml")):
        title = tomllib.loads(path.read_text(encoding="utf-8")).get("title", "")
        _add_all(found, [Message(title)] if title else [], "philoxenia/exchange/contracts")
    return found


def _add_all(found: Gathered, messages: "list[Message] | Iterator[Message]", place: str) -> None:
    for message in messages:
        found.add(message, place)


def _place(path: Path) -> str:
    return path.relative_to(WEB.parent).as_posix()


def of_python(source: bytes) -> list[Message]:
    """The strings marked in Python."""
    found = extract("python", io.BytesIO(source), _KEYWORDS)
    return [_message(text, context) for _line, text, _comments, context in found if text]


def of_template(source: str) -> list[Message]:
    """The strings marked in a template."""
    # Its lines come indented as in the template, which no reader of Python would take.
    like_python = "\n".join(line.strip() for line in templatize(source).splitlines())
    return of_python(like_python.encode())


def _message(text: "str | tuple[str, ...]", context: str | None) -> Message:
    if isinstance(text, str):
        return Message(text, context=context or "")
    singular, *plural = text
    return Message(singular, plural[0] if plural else "", context or "")


def _of_table(path: Path, columns: tuple[str, ...]) -> Iterator[Message]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from (Message(row[name]) for name in columns if row.get(name))


def placeholders(text: str) -> set[str]:
    """The named and unnamed places for values in a string."""
    return {match[0] for match in _PLACEHOLDER.finditer(text.replace("%%", ""))}


_TAGS = re.compile(r"</?[a-z][^>]*>")


def tags(text: str) -> list[str]:
    """The HTML tags in a string."""
    return sorted(_TAGS.findall(text))


_VARIABLE = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*block\s+\w*class\s*%\}[^{]*|<(script|style|svg)\b.*?</\1>|\{%.*?%\}|\{\{.*?\}\}",
    re.S,
)
_READ_ALOUD = {"aria-label", "title", "alt", "placeholder", "label"}
_WITHOUT_END = {"br", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "use"}
_WORD = re.compile(r"[A-Za-z]{2,}")
_NAMES_OF_OURS = {
    "philoxenia",
    "mase",
    "wape",
    "wis",
    "parquet",
    "csv",
    "pdf",
    "json",
    "xlsx",
    "utf",
    "html",
    "nbsp",
    "middot",
    "amp",
    "rarr",
}


class Reader(HTMLParser):
    """Gathers what is read in a page, but not what stands in an element that says it is English."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._english: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is read aloud of an element."""
        if self._english or dict(attrs).get("lang") == "en":
            self._english += [tag] if tag not in _WITHOUT_END else []
        else:
            self.said += [value for name, value in attrs if name in _READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        """Leave an English element."""
        if self._english and self._english[-1] == tag:
            self._english.pop()

    def handle_data(self, data: str) -> None:
        """Note the text."""
        if not self._english:
            self.said += data.splitlines()


def unmarked(source: str) -> list[str]:
    """Words of a template that no translation reaches."""
    reader = Reader()
    reader.feed(_VARIABLE.sub(" ", source))
    reader.close()
    return [text.strip() for text in reader.said if _foreign_words(text)]


def _foreign_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.lower() not in _NAMES_OF_OURS]


def unmarked_everywhere() -> dict[str, list[str]]:
    """The same for all templates, by file."""
    found = {
        _place(path): unmarked(path.read_text(encoding="utf-8"))
        for path in sorted(WEB.rglob("templates/**/*.html"))
        if path.name not in _NOT_TRANSLATED
    }
    return {place: words for place, words in found.items() if words}
