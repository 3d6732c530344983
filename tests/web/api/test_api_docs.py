"""What the docs say of the interface is what it does."""

import io
import json
import re
import shlex
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.web.api import worlds
from tests.web.api.programs import token_for

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.management.commands.write_openapi import text
from philoxenia_web.api.operations import declared
from philoxenia_web.datasets.models import Upload, Version
from philoxenia_web.studies.models import Study

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "how-to" / "api.md").read_text(encoding="utf-8")
HERE = "http://testserver/api/v1"


def test_the_kept_document_is_the_present_one() -> None:
    kept = (ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8")
    assert kept == text(), "run: python manage.py write_openapi docs/reference/openapi.json"


def test_the_document_is_openapi_3_1() -> None:
    found = json.loads(text())
    assert found["openapi"].startswith("3.1.")
    for name, schema in found["components"]["schemas"].items():
        jsonschema_rs.validator_for(_alone(found, schema))
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
    described = [one for methods in found["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in described}) == len(described) == len(declared())
    assert _dead_references(found) == []


def _alone(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": found["components"],
        **schema,
    }


def _dead_references(found: dict[str, Any]) -> list[str]:
    names = re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(found))
    return [f"{kind}/{name}" for kind, name in names if name not in found["components"].get(kind, {})]


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def _filled(words: str, told: dict[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda found: told[found[1]], words)


def _curl(client: Client, command: str) -> HttpResponse:
    """A curl command as a request."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, headers, body, address = "GET", {}, "", ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif not word.startswith("-"):
            address = word
    kind = headers.pop("Content-Type", "application/octet-stream")
    return client.generic(method, address.removeprefix("http://testserver"), body, kind, headers=headers)


@pytest.fixture
def told(unlimited: None, person: Callable[..., Person], department: Organisation) -> dict[str, str]:
    """The variables of the guide."""
    someone = person(Role.PLANNER, Role.DATA_STEWARD)
    return {
        "PHILOXENIA": HERE,
        "TOKEN": token_for(someone, department),
        "ORGANISATION": str(department.pk),
        "STUDY": str(worlds.make_study(department, someone).pk),
        "DONE": str(worlds.make_done_study(department, someone).pk),
    }


def test_every_command_of_the_guide_works(client: Client, told: dict[str, str]) -> None:
    commands = [one for one in _blocks("sh") if one.startswith("curl")]
    answers = [_curl(client, _filled(one, told)) for one in commands]
    assert [one.status_code for one in answers] == [200, 200, 200, 201, 200, 202, 200, 200, 200, 200]
    assert Study.objects.get(title="Beds next winter").state == "draft"
    assert Study.objects.get(pk=told["STUDY"]).state == "waiting"


def test_the_program_of_the_guide_hands_a_file_in(
    client: Client, told: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (program,) = _blocks("python")
    monkeypatch.setenv("FILE", str(ROOT / "tests" / "spoiled" / "system_flow.csv"))
    for name in ("PHILOXENIA", "TOKEN", "ORGANISATION"):
        monkeypatch.setenv(name, told[name])
    monkeypatch.setattr(urllib.request, "urlopen", lambda request: _opened(client, request))
    for _ in range(2):
        exec(compile(program, "api.md", "exec"), {})  # noqa: S102 (the guide's own program)
    assert capsys.readouterr().out == "checking\nchecking\n"
    # Handed in twice, the same file is one.
    assert Upload.objects.count() == Version.objects.count() == 1


def _opened(client: Client, request: urllib.request.Request) -> io.BytesIO:
    kind = request.get_header("Content-type") or "application/octet-stream"
    headers = {name: value for name, value in request.header_items() if name != "Content-type"}
    place = urlsplit(request.full_url)
    answer = client.generic(request.get_method(), place.path, request.data or b"", kind, headers=headers)
    assert answer.status_code < 300, answer.content
    return io.BytesIO(answer.content)
