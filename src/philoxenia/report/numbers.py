"""Numbers as people read them: at most three significant figures, the exact one on hover."""

from math import floor, isfinite, log10

# The documents are written in English; their separators follow their language, not the city's.
_THOUSANDS = ","
_MILLION = 1_000_000
_NOTHING = 1e-12
_LEAST_SHARE, _WHOLE_PERCENT = 0.0005, 0.0995
NOT_KNOWN = "–"


def is_known(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and isfinite(value)


def shown(value: float | None, figures: int = 3) -> str:
    """A number with at most `figures` significant figures: 4912 becomes 4,910; 0.7561 becomes 0.756."""
    if value is None or not isfinite(value):
        return NOT_KNOWN
    if abs(value) < _NOTHING:
        return "0"
    return _at_step(value, 10.0 ** (floor(log10(abs(value))) - figures + 1))


def two_figures(value: float) -> float:
    """A number rounded to two significant figures, for limits of classes."""
    return float(f"{value:.2g}")


def whole(value: float | None) -> str:
    """A number without decimals: scores and ranks."""
    return _at_step(value, 1.0) if value is not None and isfinite(value) else NOT_KNOWN


def percent(share: float | None) -> str:
    """A share of 0 to 1 in percent."""
    if share is None or not isfinite(share):
        return NOT_KNOWN
    if 0 < share < _LEAST_SHARE:
        return "under 0.1%"
    return f"{_at_step(100 * share, 1.0 if share >= _WHOLE_PERCENT else 0.1)}%"


def exact(value: float | None) -> str:
    """The number as it stands in the tables, up to nine figures."""
    if value is None or not isfinite(value):
        return ""
    text = f"{value:,.9g}" if abs(value) < _MILLION else f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", _THOUSANDS)


def interval(middle: float | None, low: float | None, high: float | None) -> str:
    """An estimate with its interval, 4,900 (4,100 to 6,000); digits that the width makes idle are dropped."""
    if middle is None or not isfinite(middle):
        return NOT_KNOWN
    if low is None or high is None or not isfinite(low) or not isfinite(high):
        return shown(middle)
    if low == middle == high:
        return shown(middle)
    step = _step(low, high, max(abs(middle), abs(low), abs(high)))
    return f"{_at_step(middle, step, keep_zeros=True)} ({bracket(low, high, step)})"


def middle_of(middle: float, low: float | None, high: float | None) -> str:
    """The estimate alone, rounded as it is beside its interval."""
    return interval(middle, low, high).partition(" (")[0]


def bracket(low: float, high: float, step: float | None = None) -> str:
    """Only the interval: 4,100 to 6,000."""
    step = step or _step(low, high, max(abs(low), abs(high)))
    return f"{_at_step(low, step, keep_zeros=True)} to {_at_step(high, step, keep_zeros=True)}"


def _step(low: float, high: float, largest: float) -> float:
    by_figures = 10.0 ** (floor(log10(largest)) - 2) if largest > _NOTHING else 1.0
    by_width = 10.0 ** (floor(log10(high - low)) - 1) if high - low > _NOTHING else 0.0
    return max(by_figures, by_width)


def _at_step(value: float, step: float, keep_zeros: bool = False) -> str:
    if max(abs(value), step) >= _MILLION:
        return _millions(value, step)
    decimals = max(0, -floor(log10(step)))
    rounded = round(value / step) * step
    # Adding zero turns a rounded -0.0 into 0.
    text = f"{rounded + 0.0:,.{decimals}f}"
    if decimals and not keep_zeros:
        text = text.rstrip("0").rstrip(".")
    return _signed(text.replace(",", _THOUSANDS))


def _millions(value: float, step: float) -> str:
    decimals = max(0, -floor(log10(step / _MILLION)))
    return _signed(f"{round(value / step) * step / _MILLION:,.{decimals}f} million")


def _signed(text: str) -> str:
    return "−" + text[1:] if text.startswith("-") and text.strip("-0.,") else text.lstrip("-")
