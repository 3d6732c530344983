"""Files beside the database forget a place as soon as it becomes confidential."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.directory import models as m
from philoxenia_web.directory.editing.confidential import make_confidential
from philoxenia_web.directory.offline import making
from philoxenia_web.directory.search import index, keeping

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(settings: Any, tmp_path: Path) -> Path:
    """An installation's folder of its own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    return tmp_path


def test_the_index_and_the_edition_forget_it(
    var: Path, records: SimpleNamespace, person: Callable[..., Person]
) -> None:
    m.Service.objects.filter(pk=records.lessons.pk).update(description="Come to 1 Front St.")
    m.ServiceAtLocation.objects.all().delete()
    root = var / "directory" / "index"
    assert keeping.follow() == "built"
    before = index.current_folder(root)
    assert before is not None
    making.make("en")
    assert Client().get("/help/en/edition/").status_code == 200
    m.ServiceAtLocation.objects.create(service=records.lessons, location=records.room)
    make_confidential(actor_for(person(Role.EDITOR)), records.lessons.pk, 1, "Threats")
    # Until it is made anew nobody reads the edition; the address stood in its words.
    assert Client().get("/help/en/edition/").status_code == 503
    making.make("en")
    assert Client().get("/help/en/edition/").status_code == 200
    assert keeping.follow() == "built"
    assert not before.exists()
