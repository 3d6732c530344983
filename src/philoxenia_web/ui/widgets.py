"""Controls of forms drawn without a template each: a list of 200 colleagues is one step, not 400 includes.

The markup is Django's, but for the white space between choices; every other widget is left to Django.
"""

import html
from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

_FOLDER = "django/forms/widgets/"
_INPUTS = frozenset(
    f"{_FOLDER}{name}.html"
    for name in ("input", "text", "number", "email", "url", "tel", "hidden", "date", "time", "checkbox")
)


class Renderer(DjangoTemplates):
    """Django's renderer of forms, faster for inputs and lists to choose from."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """A control as markup."""
        if template_name in _INPUTS:
            return mark_safe(_input(context["widget"]))  # noqa: S308 (every value is escaped)
        if template_name == f"{_FOLDER}select.html":
            return mark_safe(_select(context["widget"]))  # noqa: S308 (every value is escaped)
        return super().render(template_name, context, request)


def options(pairs: Iterable[tuple[Any, str]], chosen: Any = None) -> SafeString:
    """What a list chooses from, of pairs of a value and its words."""
    drawn = (_option(value, words, " selected" if value == chosen else "") for value, words in pairs)
    return mark_safe("".join(drawn))  # noqa: S308 (every value is escaped)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_escaped(value)}"'
    named = f'type="{_escaped(widget["type"])}" name="{_escaped(widget["name"])}"'
    return f"<input {named}{given}{_attributes(widget['attrs'])}>"


def _select(widget: Mapping[str, Any]) -> str:
    groups = "".join(_group(name, choices) for name, choices, _place in widget["optgroups"])
    return f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>'


def _group(name: str | None, choices: list[Mapping[str, Any]]) -> str:
    drawn = "".join(
        _option(one["value"], localize(one["label"]), _attributes(one["attrs"])) for one in choices
    )
    return f'<optgroup label="{_escaped(name)}">{drawn}</optgroup>' if name else drawn


def _option(value: Any, words: Any, attributes: str) -> str:
    return f'<option value="{_escaped(value)}"{attributes}>{_escaped(words)}</option>'


def _attributes(known: Mapping[str, Any]) -> str:
    """As they stand in a tag: true ones by their name alone, false ones not at all."""
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in known.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    """Text that cannot end an attribute or a tag; safe text stays as it is."""
    return str(value.__html__() if hasattr(value, "__html__") else html.escape(str(value)))
