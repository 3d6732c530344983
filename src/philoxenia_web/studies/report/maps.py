"""Maps of the city by district: classes, links, legend and the same in words, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from philoxenia.report import maps as engine
from philoxenia.report.names import safe_id
from philoxenia_web.studies.report.outlines import Drawing
from philoxenia_web.ui import numbers

Form = Callable[[float], str]

_NO_DATA = "no-data"
_MARK_RADIUS = 8.2


@dataclass(frozen=True)
class Swatch:
    """One class of a legend."""

    token: str
    words: str


@dataclass(frozen=True)
class Map:
    """A figure by district with what a reader needs around it.

    `address` gives a district's page; `marked` districts bear a number, in that order; `form` writes a value.
    """

    drawing: Drawing
    names: Mapping[str, str]
    values: Mapping[str, float | None]
    scale: engine.Scale
    label: str
    address: Callable[[str], str]
    form: Form = numbers.number
    legend_title: str = ""
    class_words: Sequence[str] = ()
    marked: Sequence[str] = ()
    words: Sequence[str] = ()
    source: str = ""
    title: str = ""
    outlined: Sequence[str] = field(default_factory=tuple)

    @property
    def there(self) -> bool:
        """Whether the city has outlines."""
        return bool(self.drawing.shapes.paths)

    def token(self, district: str) -> str:
        """The class of a district."""
        return self.scale.token(self.values.get(district))

    def said(self, district: str) -> str:
        """A district's value in words."""
        value = self.values.get(district)
        return _("no data") if self.token(district) == _NO_DATA or value is None else self.form(value)

    @property
    def svg(self) -> SafeString:
        """The picture: districts in groups of their class, each a link with its name and value."""
        grouped: dict[str, list[str]] = {}
        for district in self.drawing.shapes.paths:
            grouped.setdefault(self.token(district), []).append(district)
        groups = format_html_join(
            "",
            '<g class="{}">{}</g>',
            ((token, self._areas(districts)) for token, districts in sorted(grouped.items())),
        )
        return format_html(
            '<svg class="map" viewBox="{}" aria-hidden="true" focusable="false">{}{}{}</svg>',
            self.drawing.size, groups, self._edges(), self._marks(),
        )  # fmt: skip

    def _areas(self, districts: list[str]) -> SafeString:
        return format_html_join(
            "",
            '<a href="{}" tabindex="-1"><use href="{}#{}"/><title>{}: {}</title></a>',
            (
                (
                    self.address(one),
                    self.drawing.file,
                    safe_id("d", one),
                    self.names.get(one, one),
                    self.said(one),
                )
                for one in districts
            ),
        )

    def _edges(self) -> SafeString:
        """Outlines on top of the map, of the districts a page is about."""
        there = [one for one in self.outlined if one in self.drawing.shapes.paths]
        return format_html_join(
            "",
            '<use class="edge" href="{}#{}"/>',
            ((self.drawing.file, safe_id("d", one)) for one in there),
        )

    def _marks(self) -> SafeString:
        points = self.drawing.shapes.points
        there = [points[one] for one in self.marked if one in points]
        marks = format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="{}"/><text x="{}" y="{}">{}</text>',
            ((x, y, _MARK_RADIUS, x, round(y + 3.9, 1), number) for number, (x, y) in enumerate(there, 1)),
        )
        return format_html('<g class="label">{}</g>', marks)

    @property
    def legend(self) -> list[Swatch]:
        """Classes with their limits in words, and grey where a district has no figure."""
        words = self.class_words or class_words(self.scale, self.form)
        swatches = [Swatch(token, text) for token, text in zip(self.scale.tokens, words, strict=True)]
        if any(self.token(one) == _NO_DATA for one in self.drawing.shapes.paths):
            swatches.append(Swatch(_NO_DATA, _("no data")))
        return swatches

    @property
    def key(self) -> list[tuple[int, str, str, str]]:
        """The numbered districts: number, name, address, value."""
        points = self.drawing.shapes.points
        there = [one for one in self.marked if one in points]
        return [
            (number, self.names.get(one, one), self.address(one), self.said(one))
            for number, one in enumerate(there, 1)
        ]


def class_words(scale: engine.Scale, form: Form) -> list[str]:
    """The limits of each class in words."""
    limits = [form(limit) for limit in scale.limits]
    if not limits:
        return [_("all districts")]
    between = [
        pgettext("a class of a map", "%(low)s to %(high)s") % {"low": low, "high": high}
        for low, high in pairwise(limits)
    ]
    least = _("none") if scale.limits[0] == 0 else _("%(limit)s or less") % {"limit": limits[0]}
    return [least, *between, _("over %(limit)s") % {"limit": limits[-1]}]
