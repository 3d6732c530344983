"""Why a run is in doubt about a pair: each comparison in words, and the steps from one weight to the next as
a picture.

The weight of a comparison is log2(m/u) (Fellegi and Sunter 1969): 1 doubles the odds that two records are one
person, -1 halves them. Where nothing is compared the odds are those of two records picked at random.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from philoxenia_web.linkage.review.words import comparison_words, level_words
from philoxenia_web.ui import numbers

_WIDTH, _HEIGHT, _EDGE = 200.0, 20.0, 3.0
# From how many doublings up or down a comparison is told as strong, or as saying little.
_STRONG, _LITTLE = 5.0, 0.5

_STRENGTHS: tuple[tuple[str, Promise], ...] = (
    ("strong-for", _("speaks strongly for one person")),
    ("for", _("speaks for one person")),
    ("little", _("says little")),
    ("against", _("speaks against it")),
    ("strong-against", _("speaks strongly against it")),
    ("nothing", _("nothing to compare")),
)


@dataclass(frozen=True)
class Evidence:
    """One comparison of a pair, and where it takes the weight."""

    name: str
    found: str
    is_known: bool
    weight: float
    begin: float
    end: float
    picture: SafeString

    @property
    def strength(self) -> str:
        """How much it says, as a kind."""
        if not self.is_known:
            return "nothing"
        size = abs(self.weight)
        if size < _LITTLE:
            return "little"
        side = "for" if self.weight > 0 else "against"
        return f"strong-{side}" if size >= _STRONG else side

    @property
    def words(self) -> Promise:
        """How much it says, in words."""
        return dict(_STRENGTHS)[self.strength]

    @property
    def title(self) -> str:
        """What is compared."""
        return str(comparison_words(self.name))

    @property
    def found_words(self) -> str:
        """What was found."""
        return str(level_words(self.found)) if self.is_known else ""

    @property
    def signed(self) -> str:
        """The weight with its sign."""
        return f"+{numbers.number(self.weight)}" if self.weight > 0 else numbers.number(self.weight)


@dataclass(frozen=True)
class Waterfall:
    """All comparisons of a pair, from two records picked at random to what the run makes of these two."""

    start: float
    steps: tuple[Evidence, ...]
    weight: float
    probability: float
    first: SafeString
    last: SafeString


def waterfall_of(told: Mapping[str, Any]) -> Waterfall:
    """The waterfall of a pair, from what was sealed of it."""
    weight = float(told["weight"])
    # Levels begin at 0; below it one of the two says nothing.
    known = [(name, words, (level or 0) >= 0, value) for name, level, words, value in told["evidence"]]
    start = weight - sum(value for *_rest, value in known)
    ends, so_far = [], start
    for *_rest, value in known:
        so_far += value
        ends.append(so_far)
    low, high = min([start, 0.0, *ends]), max([start, 0.0, *ends])
    begins = [start, *ends][: len(ends)]
    steps = tuple(
        Evidence(name, words, is_known, value, begin, end, _step(begin, end, low, high))
        for (name, words, is_known, value), begin, end in zip(known, begins, ends, strict=True)
    )
    first, last = (_step(0.0, place, low, high, "whole") for place in (start, weight))
    return Waterfall(start, steps, weight, float(told["probability"]), first, last)


def _step(begin: float, end: float, low: float, high: float, kind: str = "") -> SafeString:
    """A bar from one weight to the next over a line at even odds; an arrow's end says which way it goes."""
    one, other, zero = (_along(value, low, high) for value in (begin, end, 0.0))
    kind = kind or ("for" if end > begin else "against" if end < begin else "none")
    tip = 0.0 if abs(other - one) < 6 else (3.0 if other > one else -3.0)
    return format_html(
        '<svg class="fall fall-{}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">'
        '<path class="even" d="M{} 0V{}"/><path class="bar" d="M{} 5H{}L{} 10L{} 15H{}z"/></svg>',
        kind, _WIDTH, _HEIGHT, zero, _HEIGHT, one, round(other - tip, 1), other, round(other - tip, 1), one,
    )  # fmt: skip


def _along(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(_EDGE + share * (_WIDTH - 2 * _EDGE), 1)
