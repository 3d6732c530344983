"""What the tests of data sets share: a small city, files in a folder of its own, checks at once."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from philoxenia.exchange import apart
from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import checking, queries, receiving
from philoxenia_web.datasets.models import Version

SPOILED = Path(__file__).resolve().parent.parent.parent / "spoiled"
SMALL = ("census_profile.csv", "shelter_flow.csv", "libraries.csv")


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example city with three of its tables, quick to read."""
    source = Path(__file__).resolve().parent.parent.parent.parent / "cities" / "toronto"
    folder = tmp_path_factory.mktemp("city")
    for name in ("city.toml", "districts.geojson", "sources.toml"):
        shutil.copy(source / name, folder / name)
    (folder / "tables").mkdir()
    for name in SMALL:
        shutil.copy(source / "tables" / name, folder / "tables" / name)
    return folder


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path, small_city: Path) -> Path:
    """Files of these tests lie in a folder of their own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path / "var", city=small_city)
    return tmp_path / "var"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Checks that were asked for, to be run by `check_now`."""
    asked: list[Any] = []
    for module in ("answering", "receiving", "checking"):
        monkeypatch.setattr(
            f"philoxenia_web.datasets.{module}.defer_check",
            lambda version: asked.append((version.pk, version.wanted)),
        )
    yield asked


@pytest.fixture
def checked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same check without a process of its own, a second each, where that is not what is looked at."""

    def check(request: apart.Request, folder: Path, _alive: object = None) -> dict[str, Any]:
        folder.mkdir(parents=True)
        (folder / apart._REQUEST).write_text(json.dumps(asdict(request)), encoding="utf-8")
        assert apart._main(folder) == 0
        return dict(json.loads((folder / apart.REPORT).read_text(encoding="utf-8")))

    # Limits of a process would be ours.
    monkeypatch.setattr(apart, "_limit", lambda *_: None)
    monkeypatch.setattr(checking, "check_apart", check)


@pytest.fixture
def check_now(at_once: list[Any]) -> Callable[[Version], Version]:
    """Runs the checks asked for so far and gives the version as it is then."""

    def run(version: Version) -> Version:
        while at_once:
            checking.run_check(*at_once.pop(0))
        return Version.objects.get(pk=version.pk)

    return run


@pytest.fixture
def steward(person: Callable[..., Person]) -> Actor:
    """A data steward of the department."""
    return actor_for(person(Role.DATA_STEWARD))


@pytest.fixture
def elsewhere(db: None) -> Organisation:
    """Another organisation."""
    return Organisation.objects.create(name="Libraries", kind=Organisation.Kind.DEPARTMENT)


@pytest.fixture
def upload(department: Organisation, steward: Actor) -> Callable[..., Version]:
    """Hands in bytes piece by piece, as the page does."""

    def send(content: bytes, name: str = "flow.csv", **more: Any) -> Version:
        handed = receiving.Handed(name, len(content), uuid4(), department.pk, **more)
        begun = receiving.begin(steward, handed)
        for offset in range(0, len(content), receiving.PIECE_BYTES):
            piece = content[offset : offset + receiving.PIECE_BYTES]
            receiving.receive_piece(begun, offset, piece, hashlib.sha256(piece).hexdigest())
        return receiving.finish(steward, begun.pk)

    return send


@pytest.fixture
def hand_in(
    upload: Callable[..., Version], check_now: Callable[[Version], Version]
) -> Callable[..., Version]:
    """Hands in bytes and checks them."""
    return lambda content, name="flow.csv", **more: check_now(upload(content, name, **more))


@pytest.fixture
def flow() -> bytes:
    """A real extract without faults but with mends."""
    return (SPOILED / "system_flow.csv").read_bytes()


@pytest.fixture(autouse=True)
def forget_package() -> Iterator[None]:
    """No city stays in memory from another folder."""
    yield
    queries._read_package.cache_clear()
