"""Numbers, sizes and times as people read them, with the separators of the page's language.

Rounding is the engine's (`philoxenia.report.numbers`), so that a page and the report never differ by a
digit; only separators and words are put into the language. Digits are 0 to 9 in every language, Arabic
too: files, downloads and the city's own papers use them, and a figure must be found again by searching
for it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from philoxenia.report import numbers as engine
from philoxenia.vocabulary import Frequency, PhiloxeniaError, parse_period

NOT_KNOWN = engine.NOT_KNOWN
_LEFT_TO_RIGHT_MARK = "\u200e"
# Right-to-left text keeps what stands between these together, whatever stands beside it.
_RIGHT_TO_LEFT, _AS_BEFORE = "\u2067", "\u2069"
_SIZES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
_KILO = 1000


def locale() -> Locale:
    """The language of the page as Babel knows it."""
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def number(value: float | None, figures: int = 3) -> str:
    """At most three significant figures: 4912 becomes 4,910."""
    return _local(engine.shown(_as_float(value), figures))


def exact(value: float | None) -> str:
    """The number as it stands in the tables."""
    return _local(engine.exact(_as_float(value)))


def whole(value: float | None) -> str:
    """A number without decimals, all its digits, however large."""
    known = _as_float(value)
    return _local(f"{round(known):,}") if engine.is_known(known) and known is not None else NOT_KNOWN


def percent(share: float | None) -> str:
    """A share of 0 to 1 in percent."""
    text = engine.percent(_as_float(share))
    if text == NOT_KNOWN:
        return text
    if text.startswith("under "):
        return _("under %(share)s") % {"share": _with_percent_sign("0.1")}
    return _with_percent_sign(text.removesuffix("%"))


def interval(middle: float | None, low: float | None = None, high: float | None = None) -> str:
    """4,900 (4,100 to 6,000)."""
    figure, least, most = _rounded(middle, low, high)
    if not least:
        return figure
    words = {"middle": figure, "low": least, "high": most}
    return together(pgettext("an estimate and its interval", "%(middle)s (%(low)s to %(high)s)") % words)


def apart(middle: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """A figure and its interval in two pieces: "4,900" and "4,100 to 6,000"."""
    figure, least, most = _rounded(middle, low, high)
    return figure, together(_("%(low)s to %(high)s") % {"low": least, "high": most}) if least else ""


def _rounded(middle: float | None, low: float | None, high: float | None) -> tuple[str, str, str]:
    text = engine.interval(_as_float(middle), _as_float(low), _as_float(high))
    first, _bracket, rest = text.partition(" (")
    least, _to, most = rest.removesuffix(")").partition(" to ")
    return _local(first), _local(least), _local(most)


def together(text: str) -> str:
    """Figures and words as one piece of right-to-left text: brackets and figures keep their places."""
    return f"{_RIGHT_TO_LEFT}{text}{_AS_BEFORE}" if locale().text_direction == "rtl" else text


def size(count: float | None) -> str:
    """Bytes as kB, MB, GB."""
    value = _as_float(count)
    if value is None:
        return NOT_KNOWN
    step = 0
    while value >= _KILO and step < len(_SIZES) - 1:
        value, step = value / _KILO, step + 1
    rounded = round(value, 1) if step > 0 and value < 10 else round(value)
    length = "short" if step else "long"
    return format_unit(rounded, f"digital-{_SIZES[step]}", length, locale=locale())


def month(time: str | date | None) -> str:
    """A period of the engine in words: 2025-03 is March 2025; also quarters, years and dates."""
    if not time:
        return NOT_KNOWN
    if isinstance(time, date):
        return format_skeleton("yMMMM", time, locale=locale())
    try:
        period = parse_period(time)
    except PhiloxeniaError:
        return time
    if period.frequency is Frequency.YEAR:
        return str(period.year)
    quarter = period.frequency is Frequency.QUARTER
    first = date(period.year, period.season * (3 if quarter else 1) + 1, 1)
    return format_skeleton("yQQQQ" if quarter else "yMMMM", first, locale=locale())


def day(value: date | datetime | None) -> str:
    """A day: 22 Nov 2026."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return format_date(value, "long" if locale().language == "ar" else "medium", locale=locale())


def when(value: datetime | date | None) -> str:
    """A day and the time of day."""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = f"{local:%H:%M}"
    words = {"day": day(local), "time": clock}
    return pgettext("a day and the time of day", "%(day)s, %(time)s") % words


def bounds(value: object) -> tuple[float | None, float | None, float | None]:
    """Middle, low and high of a sequence of three, or of a lone number."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        middle, low, high = [*value, None, None][:3]
        return middle, low, high
    return _as_float(value), None, None


def _as_float(value: object) -> float | None:
    try:
        return None if value is None or value == "" else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _local(text: str) -> str:
    """The engine's English figure with this language's separators and its word for million."""
    figure, million, _rest = text.partition(" million")
    known = locale()
    symbols = known.number_symbols.get("latn", known.number_symbols)
    marks = {",": symbols.get("group", ","), ".": symbols.get("decimal", ".")}
    figure = "".join(marks.get(sign, sign) for sign in figure)
    if figure.startswith("−") and known.text_direction == "rtl":
        figure = _LEFT_TO_RIGHT_MARK + figure
    return _("%(figure)s million") % {"figure": figure} if million else figure


def _with_percent_sign(figure: str) -> str:
    pattern = locale().percent_formats[None].pattern
    sign = locale().number_symbols.get("latn", {}).get("percentSign", "%")
    return pattern.partition(";")[0].replace("%", sign).replace("#,##0", _local(figure))
