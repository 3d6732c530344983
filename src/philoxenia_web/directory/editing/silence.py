"""Words written about a confidential service: none that says where it is may be kept, whoever writes it."""

from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.ui.late import Late

_traces = Late("philoxenia.exchange.hsds.traces")


def tells_place(value: Any) -> bool:
    """Whether any text in a value names a street, a postal code, a point or a way to go."""
    if isinstance(value, dict):
        return any(tells_place(one) for one in value.values())
    if isinstance(value, list | tuple):
        return any(tells_place(one) for one in value)
    return isinstance(value, str) and _traces.place_pattern().search(value) is not None


def check_silent(confidential: bool, value: Any) -> None:
    """Raise a sentence where something is to be written down that says where a confidential service is."""
    if confidential and tells_place(value):
        raise NotPossible(_("This place is confidential: nothing about it is kept or can be written."))
