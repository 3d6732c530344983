"""The components as tags and filters: `{% load ui %}`. Each is shown with all its states at /design/."""

import re
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language

from philoxenia_web.ui import numbers
from philoxenia_web.ui.fields import describe
from philoxenia_web.ui.icons import icon_markup
from philoxenia_web.ui.navigation import Line, Section
from philoxenia_web.ui.tables import SIZES, Table

register = template.Library()

_SIGNS = {
    "info": "info",
    "success": "done",
    "attention": "attention",
    "problem": "problem",
    "waiting": "waiting",
}


# Frame


@register.simple_tag(takes_context=True)
def part(context: Context, name: str) -> str:
    """What a page wrote into a block, so that a layout can use it twice or find it empty."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return mark_safe(block.render(context).strip()) if block else ""  # noqa: S308 (rendered by the template)


@register.filter
def words_only(markup: str) -> str:
    """Text without tags, for the title of the window."""
    return mark_safe(" ".join(strip_tags(markup).split()))  # noqa: S308 (already escaped; tags are taken out)


@register.filter
def isolated(text: Any) -> SafeString:
    """A name inside a sentence: its own direction never moves the words and signs beside it."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def message_kind(level: str) -> str:
    """Django's levels of messages as kinds of notices."""
    return {"success": "success", "warning": "attention", "error": "problem"}.get(level, "info")


@register.simple_tag(takes_context=True)
def rail(context: Context) -> str:
    """The way through the application on the left, drawn once for all who see the same lines."""
    lines = tuple(
        (str(section.words), tuple(Line(str(one.words), one.address, one.current) for one in section.entries))
        for section in context["rail"]
    )
    home = context["rail_home"]
    return _rail(get_language(), context["city_name"], (home.address, home.current), lines)


@lru_cache(maxsize=256)
def _rail(
    _language: str | None,
    city: str,
    home: tuple[str, str],
    lines: tuple[tuple[str, tuple[Line, ...]], ...],
) -> str:
    return _rendered(
        "rail",
        city_name=city,
        rail_home=Line("", *home),
        rail=[Section(words, list(entries)) for words, entries in lines],
    )


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """A sign of our own; without words it is decoration."""
    return icon_markup(name, words)


# Parts


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", live: bool = False) -> str:
    """Something to know: info, success, attention or problem. `live` is read out at once."""
    return _rendered(
        "notice", kind=kind, title=title, content=content, sign=_SIGNS.get(kind, "info"), live=live
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, opens: str = "", kind: str = "") -> str:
    """A question over the page, opened by a button with the words `opens`; without JavaScript, a fold."""
    return _rendered("dialog", id=id, title=title, content=content, opens=opens, kind=kind)


@register.simple_block_tag
def fold(content: str, title: str, open: bool = False, id: str = "") -> str:
    """What stands folded under a line."""
    return _rendered("fold", title=title, content=content, open=open, id=id)


@register.simple_tag
def empty(
    title: str, text: str = "", action_url: str = "", action_words: str = "", name: str = "door"
) -> str:
    """A page or table without content yet: what will be here and how to begin."""
    return _rendered(
        "empty", title=title, text=text, action_url=action_url, action_words=action_words, name=name
    )


@register.simple_tag
def status(word: str, kind: str = "info") -> str:
    """A badge: a shape and a word. Kinds: info, success, attention, problem, waiting."""
    return _status(conditional_escape(word), str(kind))


# A long list shows the same few badges. Keyed by escaped words: safe and other text never meet.
@lru_cache(maxsize=512)
def _status(word: SafeString, kind: str) -> str:
    return _rendered("status", word=word, kind=kind, sign=_SIGNS.get(kind, "info"))


@register.simple_tag
def progress(value: float | None, total: float | None = None, label: str = "", id: str = "") -> str:
    """How far something is; without a total it only says that it goes on."""
    share = None if value is None or not total else min(max(value / total, 0), 1)
    return _rendered("progress", value=value, total=total, share=share, label=label, id=id or slugify(label))


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: list[Any], label: str = "") -> str:
    """Links to the views of one thing: (words, address) or (words, address, current, number)."""
    request = context.get("request")
    entries = [_tab(item, request.path if request else "") for item in items]
    return _rendered("tabs", entries=entries, label=label)


def _tab(item: Any, path: str) -> dict[str, Any]:
    words, address, *rest = item
    current = rest[0] if rest and rest[0] is not None else address.partition("?")[0] == path
    return {
        "words": words,
        "address": address,
        "current": current,
        "count": rest[1] if len(rest) > 1 else None,
    }


@register.simple_tag
def steps(items: list[Any], current: int = 0) -> str:
    """The steps of a task, from 0: words, or (words, address) for those one may go back to."""
    entries = [
        {
            "words": item[0] if isinstance(item, tuple | list) else item,
            "address": item[1] if isinstance(item, tuple | list) and place != current else "",
            "state": "done" if place < current else ("current" if place == current else "ahead"),
        }
        for place, item in enumerate(items)
    ]
    return _rendered("steps", entries=entries)


@register.simple_tag
def facts(pairs: Any) -> str:
    """What is known of one thing, as pairs of a word and its value."""
    return _rendered("facts", pairs=pairs.items() if hasattr(pairs, "items") else pairs)


@register.simple_tag
def key_figure(figure: str, interval: str = "", sentence: str = "", href: str = "") -> str:
    """One figure to take away, its interval and the sentence that says what it is."""
    return _rendered("key_figure", figure=figure, interval=interval, sentence=sentence, href=href)


@register.simple_tag
def crumbs(*pairs: Any) -> str:
    """The way here: `{% crumbs words address words address %}`."""
    return _rendered("crumbs", entries=list(zip(pairs[::2], pairs[1::2], strict=False)))


@register.simple_tag
def loading(words: str = "") -> str:
    """Something is being fetched."""
    return _rendered("loading", words=words)


@register.simple_tag
def drop_zone(name: str, label: str, help: str = "", accept: str = "", multiple: bool = False) -> str:
    """A place to drop a file, and a plain file field without JavaScript."""
    return _rendered("drop_zone", name=name, label=label, help=help, accept=accept, multiple=multiple)


# Tables


@register.simple_tag
def table(table: Table) -> str:
    """A table with its tools."""
    return _rendered("table", table=table, sizes=SIZES, columns=_heads(table), lists=_lists(table))


def _heads(table: Table) -> list[dict[str, Any]]:
    sorted_by, downwards = table.sorting
    return [_head(table, column, column is sorted_by, downwards) for column in table.columns]


def _head(table: Table, column: Any, current: bool, downwards: bool) -> dict[str, Any]:
    # A first click on figures shows the largest first, on words the first of the alphabet.
    turn = not downwards if current else column.numeric or column.kind in ("date", "when", "month")
    return {
        "column": column,
        "order": ("descending" if downwards else "ascending") if current else "",
        "sign": ("down" if downwards else "up") if current else "sort",
        "address": table.address(sort=f"-{column.key}" if turn else column.key, page=None),
    }


def _lists(table: Table) -> list[dict[str, Any]]:
    chosen = {column.key: value for column, value in table.chosen}
    return [
        {"column": column, "chosen": chosen.get(column.key, ""), "name": f"{table.id}-{column.key}"}
        for column in table.lists
    ]


@register.simple_tag
def table_address(table: Table, **changes: Any) -> str:
    """The page's address with some of a table's parameters changed."""
    return table.address(**changes)


@register.simple_tag
def table_rest(table: Table) -> list[tuple[str, str]]:
    """Parameters of the page that the filter form must carry on."""
    own = {
        f"{table.id}-{name}" for name in ("q", "page", "export", "sort", *(one.key for one in table.lists))
    }
    return [(name, value) for name in table.asked for value in table.asked.getlist(name) if name not in own]


# Forms


@register.simple_tag(takes_context=True)
def form(
    context: Context,
    form: BaseForm,
    submit: str = "",
    action: str = "",
    cancel_url: str = "",
    method: str = "post",
    kind: str = "primary",
    id: str = "",
) -> str:
    """A whole form: summary of errors, fields, button. Hidden fields of the form are carried."""
    asked = {
        "form": form,
        "submit": submit,
        "action": action,
        "cancel_url": cancel_url,
        "method": method,
        "kind": kind,
        "id": id,
        "csrf_token": context.get("csrf_token"),
    }
    return _rendered("form", **asked)


@register.simple_tag
def fields(form: BaseForm) -> str:
    """The summary of errors and the fields, without the form around them."""
    return _rendered("fields", form=form)


@register.simple_tag
def field(bound: BoundField, narrow: bool = False) -> str:
    """One field: label, help, what was wrong with it."""
    return _rendered("field", field=bound, narrow=narrow, **describe(bound))


@register.simple_tag
def errors(form: BaseForm) -> str:
    """The summary of what was wrong, with links to the fields."""
    return _rendered("errors", form=form)


# Pictures


@register.simple_tag
def choropleth(map: Any) -> str:
    """A map of the city by district, with its legend, the same in words, and the list of districts."""
    return _rendered("choropleth", map=map)


@register.simple_tag
def chart(
    picture: Any,
    title: str = "",
    words: Any = (),
    source: str = "",
    table: Table | None = None,
) -> str:
    """A drawing, or a figure of several, with its title, the same in words and as a table, and its source."""
    pictures = getattr(picture, "pictures", None) or (picture,)
    given = (words,) if isinstance(words, str) and words else tuple(words or getattr(picture, "words", ()))
    return _rendered(
        "chart",
        pictures=pictures,
        title=title or picture.title,
        legend=getattr(picture, "legend", None),
        words=given or tuple(one.label for one in pictures),
        source=source or getattr(picture, "source", ""),
        table=table,
    )


_DRAWN_WIDTH = re.compile(r'viewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)')
_BROAD = 420


@register.filter
def broad(drawing: str) -> str:
    """A wide drawing is shown wide: its letters keep the size they were drawn for."""
    width = _DRAWN_WIDTH.search(drawing)
    if width and float(width[1]) > _BROAD:
        return drawing.replace('class="chart"', 'class="chart chart-broad"', 1)
    return drawing


# Numbers

register.filter("number", numbers.number)
register.filter("exact", numbers.exact)
register.filter("whole", numbers.whole)
register.filter("percent", numbers.percent)
register.filter("bytes", numbers.size)
register.filter("month", numbers.month)


@register.filter("interval")
def interval_filter(value: Any) -> str:
    """(middle, low, high) as 4,900 (4,100 to 6,000)."""
    return numbers.interval(*numbers.bounds(value))


@register.simple_tag(name="interval")
def interval_tag(middle: float | None, low: float | None = None, high: float | None = None) -> str:
    """Middle, low and high as 4,900 (4,100 to 6,000)."""
    return numbers.interval(middle, low, high)


@register.filter
def when(value: Any) -> str:
    """A time as people say it, for machines too."""
    return (
        format_html('<time datetime="{}">{}</time>', value.isoformat(), numbers.when(value))
        if value
        else numbers.NOT_KNOWN
    )


@register.filter
def day(value: Any) -> str:
    """A day as people say it, for machines too."""
    return (
        format_html('<time datetime="{}">{}</time>', value.isoformat(), numbers.day(value))
        if value
        else numbers.NOT_KNOWN
    )


def _rendered(name: str, /, **values: Any) -> str:
    return render_to_string(f"ui/parts/{name}.html", values)
