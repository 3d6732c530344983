"""What aspects, services, groups, units and months are called in the reader's language.

The engine's English names are the msgids: a language that lacks one shows it in English.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from philoxenia.exchange import contracts, load_contract
from philoxenia.reference import reference_table
from philoxenia.report import Findings
from philoxenia.report import words as english
from philoxenia.report.names import clean
from philoxenia.report.sections.sayings import in_words
from philoxenia.vocabulary import Population

NEWCOMERS = Population.NEWCOMERS.value
LONG_TERM = Population.LONG_TERM_RESIDENTS.value
EVERYBODY = Population.ALL_RESIDENTS.value
POPULATIONS = (EVERYBODY, NEWCOMERS, LONG_TERM)

_POPULATIONS: Mapping[str, Promise] = {
    NEWCOMERS: gettext_lazy("Newcomers"),
    LONG_TERM: gettext_lazy("Long-term residents"),
    EVERYBODY: gettext_lazy("All residents"),
}
_MODELS: Mapping[str, Promise] = {
    "combination": gettext_lazy("The forecast shown here"),
    "last_value": gettext_lazy("Last value"),
    "seasonal_naive": gettext_lazy("Same month last year"),
    "mean_of_three": gettext_lazy("Mean of the last three"),
    "ets": gettext_lazy("Exponential smoothing"),
    "theta": gettext_lazy("Theta"),
    "arima": gettext_lazy("Autoregression"),
    "upstream": gettext_lazy("With an upstream signal"),
}


def aspect(id_: str) -> str:
    """Shelter, health and protection."""
    return _(english.aspect_name(id_))


def aspect_question(id_: str) -> str:
    """Does everyone have a safe home they can pay for, and care within reach?"""
    text = _declared("aspects", "question").get(id_, "")
    return _(text) if text else ""


def service(id_: str) -> str:
    """Primary care clinics."""
    return _(english.service_name(id_))


def indicator(id_: str) -> str:
    """Core housing need."""
    return _(english.indicator_name(id_))


def indicator_unit(id_: str) -> str:
    """The unit of an indicator."""
    return unit(_declared("indicators", "unit").get(id_, ""))


def indicator_text(id_: str, column: str) -> SafeString:
    """The definition, base or note of an indicator."""
    return text(_declared("indicators", column).get(id_, ""))


def text(english_text: str) -> SafeString:
    """A text of the reference tables, marked as English where the language has no words for it yet."""
    own = _(english_text) if english_text else ""
    return told(own) if own == english_text else format_html("{}", own)


def indicators_of(aspect_id: str) -> list[str]:
    """The indicators of an aspect, in the order of the reference."""
    return [id_ for id_, aspect_of in _declared("indicators", "aspect").items() if aspect_of == aspect_id]


def population(id_: str) -> str:
    """Newcomers, long-term residents, all residents."""
    return str(_POPULATIONS.get(id_, id_))


def model(id_: str) -> str:
    """A forecasting model or baseline."""
    return str(_MODELS.get(id_, english.label(id_)))


def unit(called: str) -> str:
    """Places a night; for reach, what there is for how many people."""
    own = _(called) if called else ""
    supply, per, people = called.partition(" per 1,000 ")
    if own != called or not per:
        return own
    words = {"supply": _(supply), "people": _(people)}
    return pgettext("a unit", "%(supply)s for 1,000 %(people)s") % words


def label(id_: str, own: Mapping[str, str]) -> str:
    """A series or group: the city's own word for it, or ours."""
    return clean(english.sentence_case(_(english.label(id_, own))))


def table(id_: str) -> str:
    """A table of the city: the title of its kind, or its id without underscores."""
    return _(_kinds().get(id_) or english.sentence_case(id_.replace("_", " "))) if id_ else ""


def listing(items: Iterable[str]) -> str:
    """One, two and three, as the language joins them."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    both = {"first": pgettext("between items of a list", ", ").join(words[:-1]), "last": words[-1]}
    return pgettext("the last two items of a list", "%(first)s and %(last)s") % both


def listed(items: Iterable[SafeString]) -> SafeString:
    """The same with markup kept: links and isolated names."""
    words = list(items)
    if len(words) < 2:
        return words[0] if words else SafeString("")
    first = format_html_join(
        pgettext("between items of a list", ", "), "{}", ((word,) for word in words[:-1])
    )
    joined = pgettext("the last two items of a list", "%(first)s and %(last)s") % {
        "first": "{}",
        "last": "{}",
    }
    return format_html(joined, first, words[-1])


def told(sentence: str) -> SafeString:
    """A sentence of the engine, marked as English where the page is in another language."""
    words = clean_marks(sentence)
    if (get_language() or "en").startswith("en"):
        return format_html("{}", words)
    return format_html('<span lang="en" dir="ltr">{}</span>', words)


def said(findings: Findings, sentences: Mapping[str, tuple[str, ...]], part: str) -> list[SafeString]:
    """What the engine says of a part, in its own English with the report's words for ids."""
    return [told(one) for one in in_words(sentences.get(part, ()), findings)]


def clean_marks(sentence: str) -> str:
    """The sentence without the signs that isolate names inside it."""
    return sentence.replace("\u2068", "").replace("\u2069", "")


@cache
def _kinds() -> Mapping[str, str]:
    return {name: load_contract(name).title for name in contracts()}


@cache
def _declared(name: str, column: str) -> Mapping[str, str]:
    return dict(reference_table(name).select("id", column).iter_rows())
