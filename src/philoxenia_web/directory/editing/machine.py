"""Drafts of translations by a machine: off unless the installation names one, and given public texts alone.

A machine is a class that is named by its dotted path (PHILOXENIA_MACHINE_TRANSLATOR) and follows `Machine`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models import Service


@dataclass(frozen=True)
class PublicText:
    """Words that anybody reads on the public pages. Only `public_texts` makes them."""

    text: str
    language: str


class Machine(Protocol):
    """What an adapter must do. `name` stands beside every draft it makes."""

    name: str

    def translate(self, texts: Sequence[PublicText], to: str) -> Sequence[str]:
        """The texts in another language, in the same order and number. May raise any exception."""


def machine() -> Machine | None:
    """The machine this installation names; None, as it is delivered, where it names none."""
    path = settings.ENVIRONMENT.machine_translator
    if not path:
        return None
    made: Machine = import_string(path)()
    return made


def public_texts(service: Service, texts: Sequence[str]) -> list[PublicText]:
    """Texts of a service that is shown to everybody. Raises `NotPossible` for any other.

    Texts of confidential services go to no machine: what they do may tell who is looked for.
    """
    if service.withheld or service.confidential or service.status not in ("active", "temporarily closed"):
        raise NotPossible(_("Only what everybody can read is given to a machine. This record is not shown."))
    if not service.text_language:
        raise NotPossible(_("Say first in which language this record is written."))
    return [PublicText(one, service.text_language) for one in texts]


def drafts(service: Service, texts: Sequence[str], to: str) -> tuple[str, list[str]]:
    """The machine's name and its drafts of some texts. Raises `NotPossible` with what went wrong."""
    helper = machine()
    if helper is None:
        raise NotPossible(_("No machine translates here: the installation names none."))
    sent = public_texts(service, texts)
    try:
        made = [str(one) for one in helper.translate(sent, to)]
    except Exception as fault:
        raise NotPossible(_("The machine did not answer. Nothing was changed; try again later.")) from fault
    if len(made) != len(sent):
        raise NotPossible(_("The machine answered with another number of texts. Nothing was changed."))
    return helper.name, made
