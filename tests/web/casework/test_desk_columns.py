"""Tables of casework and cards hold ids, codes, states, times and numbers: no words about a person."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from philoxenia_web.casework.models import Document

# Codes of engine tables and marks of machines; words of an office about itself, never about a resident.
ALLOWED = {
    "cards.Seen.kind",
    "casework.Appointment.bring",
    "casework.Appointment.language",
    "casework.Appointment.purpose",
    "casework.CaseNeed.need",
    "casework.Delivery.object_state",
    "casework.Goal.need",
    "casework.Hook.address",
    "casework.Interpreter.label",
    "casework.Interpreter.languages",
    "casework.Queue.languages",
    "casework.Queue.name",
    "casework.Room.name",
    "casework.Sitting.languages",
    "casework.SharingAgreement.needs",
    "casework.Ticket.language",
    "casework.Ticket.reasons",
}
# A key, hash, token or code is drawn or chosen by a machine.
_MACHINE_MADE = (
    "_hash",
    "_code",
    "_codes",
    "code",
    "token",
    "fault",
    "mark",
    "kid",
    "language",
    "version_of",
)
_WORDS = ("name", "phone", "mail", "address", "birth", "passport", "status_of_stay", "nationality", "note")


def fields() -> Iterator[tuple[str, Any]]:
    for app in ("casework", "cards"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                if isinstance(field, models.Field) and not field.is_relation:
                    yield f"{app}.{model.__name__}.{field.name}", field


def holds_words(field: Any) -> bool:
    if isinstance(field, ArrayField):
        return holds_words(field.base_field)
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def test_there_is_no_column_for_words_about_a_person() -> None:
    assert len(list(fields())) > 60
    found = {
        name
        for name, field in fields()
        if holds_words(field) and name not in ALLOWED and not name.endswith(_MACHINE_MADE)
    }
    assert found == set()


def test_no_column_is_long_enough_for_a_story() -> None:
    texts = {name for name, field in fields() if isinstance(field, models.TextField) and name not in ALLOWED}
    assert texts == set()


def test_no_column_is_named_as_if_it_identified_somebody() -> None:
    found = {
        name
        for name, field in fields()
        if name not in ALLOWED
        and not isinstance(field, models.BooleanField)
        and any(word in name.rpartition(".")[2].split("_") for word in _WORDS)
    }
    assert found == set()


@pytest.mark.parametrize("word", ["passport", "permit", "visa", "status"])
def test_no_kind_of_document_is_a_paper_about_a_person_s_stay(word: str) -> None:
    assert not [code for code, said in Document.Kind.choices if word in code or word in str(said).lower()]
