"""What a form's field needs beside its widget: hints, errors and the class of its control."""

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, RadioSelect
from django.utils.safestring import SafeString


def describe(bound: BoundField) -> dict[str, Any]:
    """The widget drawn, and how the field is laid out: line, group, check or file."""
    return {"shape": _shape(bound), "control": _control(bound)}


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple) or getattr(widget, "use_fieldset", False):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "file" if isinstance(widget, ClearableFileInput) else "line"


def _control(bound: BoundField) -> SafeString:
    attributes: dict[str, Any] = {}
    described = " ".join(_descriptions(bound))
    if described:
        attributes["aria-describedby"] = described
    return bound.as_widget(attrs=attributes)


def _descriptions(bound: BoundField) -> list[str]:
    known = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    return known + ([f"{bound.auto_id}_error"] if bound.errors else [])
