"""The translation board: debt, writing side by side, and machines that get public texts or nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.conf import LazySettings
from django.test import Client

from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.editing import translations
from philoxenia_web.directory.editing.machine import PublicText, machine


class Parrot:
    """A machine for tests: it says what it was given."""

    name = "Parrot 1"
    heard: ClassVar[list[str]] = []

    def translate(self, texts: Sequence[PublicText], to: str) -> list[str]:
        """Upside down would do as well."""
        type(self).heard += [one.text for one in texts]
        return [f"[{to}] {one.text}" for one in texts]


@pytest.fixture
def parrot(settings: LazySettings) -> type[Parrot]:
    """The installation names the parrot."""
    Parrot.heard = []
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, machine_translator=f"{__name__}.Parrot")
    return Parrot


def form_of(page: str) -> dict[str, str]:
    body = page[page.index("translate-form") :]
    sent: dict[str, Any] = {"line": re.findall(r'name="line" value="([^"]+)"', body)}
    sent |= dict(re.findall(r'name="((?:version|hash)-[^"]+)" value="([^"]*)"', body))
    texts = re.findall(r'name="(text-[^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL)
    return sent | {name: text.strip() for name, text in texts}


def key(records: SimpleNamespace, field: str) -> str:
    return f"service.{records.lessons.pk}.{field}"


def test_debt_counts_texts_of_shown_services_alone(records: SimpleNamespace) -> None:
    debt = translations.debt("fr")
    # Name, description and prices of the lessons, the name of the shelter; nothing that is not shown.
    assert (debt.texts, debt.missing, debt.services) == (4, 4, 2)
    assert translations.debt("en").texts == 0


def test_a_translation_is_shown_and_outdated_when_the_original_changes(
    translator: Client, editor: Client, records: SimpleNamespace
) -> None:
    address = f"/directory/translations/ar/services/{records.lessons.pk}/"
    sent = form_of(translator.get(address).content.decode())
    sent[f"text-{key(records, 'name')}"] = "دروس الإنجليزية"
    assert translator.post(address, sent).status_code == 302
    found = queries.shown(records.lessons.pk, "ar")
    assert found is not None
    assert (found.name.text, found.name.status) == ("دروس الإنجليزية", "human")
    assert translations.debt("ar").human == 1
    records.lessons.name = "French lessons"
    records.lessons.save()
    from philoxenia_web.directory.editing.outdating import outdate  # noqa: PLC0415

    outdate(records.lessons, ["name"])
    assert translations.debt("ar").outdated == 1
    assert translations.services_in_debt("ar", 10)[0]["id"] == records.lessons.pk


def test_a_text_whose_original_changed_meanwhile_is_not_written_and_not_lost(
    translator: Client, records: SimpleNamespace
) -> None:
    address = f"/directory/translations/fr/services/{records.lessons.pk}/"
    sent = form_of(translator.get(address).content.decode())
    sent[f"text-{key(records, 'name')}"] = "Cours d’anglais"
    m.Service.objects.filter(pk=records.lessons.pk).update(name="Chess")
    answer = translator.post(address, sent)
    assert answer.status_code == 409
    assert "Cours d’anglais" in answer.content.decode()
    assert not m.Translation.objects.filter(field="name").exists()


def test_saving_the_page_does_not_make_a_machine_s_text_a_person_s(
    translator: Client, records: SimpleNamespace
) -> None:
    m.Translation.objects.create(
        table="service", record_id=records.lessons.pk, field="name", language="fr", text="Leçons",
        status="machine", source_hash="",
    )  # fmt: skip
    address = f"/directory/translations/fr/services/{records.lessons.pk}/"
    sent = form_of(translator.get(address).content.decode())
    translator.post(address, sent)
    assert m.Translation.objects.get().status == "machine"
    translator.post(address, sent | {"read": [key(records, "name")]})
    assert m.Translation.objects.get().status == "human"


def test_no_machine_is_on_as_delivered(translator: Client, records: SimpleNamespace) -> None:
    assert machine() is None
    address = f"/directory/translations/fr/services/{records.lessons.pk}/"
    assert "Let the machine" not in translator.get(address).content.decode()
    translator.post(f"{address}draft/")
    assert not m.Translation.objects.exists()


def test_a_machine_drafts_what_is_missing_and_is_named(
    parrot: type[Parrot], translator: Client, records: SimpleNamespace
) -> None:
    m.Translation.objects.create(
        table="service", record_id=records.lessons.pk, field="name", language="fr", text="Cours",
        status="human", source_hash="",
    )  # fmt: skip
    translator.post(f"/directory/translations/fr/services/{records.lessons.pk}/draft/")
    drafted = m.Translation.objects.get(field="description", record_id=records.lessons.pk)
    assert (drafted.text, drafted.status, drafted.by) == ("[fr] Lessons for adults", "machine", "Parrot 1")
    assert m.Translation.objects.get(field="name", record_id=records.lessons.pk).text == "Cours"
    assert "English lessons" not in parrot.heard


@pytest.mark.parametrize("hidden", ["shelter", "withheld", "closed"])
def test_a_machine_never_gets_what_is_not_public(
    parrot: type[Parrot], translator: Client, records: SimpleNamespace, hidden: str
) -> None:
    translator.post(f"/directory/translations/fr/services/{getattr(records, hidden).pk}/draft/")
    assert parrot.heard == []


def test_a_machine_that_fails_changes_nothing(
    parrot: type[Parrot], translator: Client, records: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/directory/translations/fr/services/{records.lessons.pk}/draft/"
    monkeypatch.setattr(Parrot, "translate", lambda self, texts, to: ["one too few"][: len(texts) - 1][:0])
    assert translator.post(address).status_code == 302
    monkeypatch.setattr(Parrot, "translate", lambda self, texts, to: 1 / 0)
    assert translator.post(address).status_code == 302
    assert not m.Translation.objects.exists()
