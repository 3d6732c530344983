"""The page, its worker and its manifest: open to all, without cookies, without a script in the page."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from philoxenia.directory.hours import Hours
from philoxenia_web.directory.guides import queries as guides
from philoxenia_web.directory.offline import gathering, making, shell
from philoxenia_web.directory.offline.edition import lines_of, part_of, row_of
from philoxenia_web.directory.offline.rows import Rows, cut, schedules

LANGUAGES = [code for code, _ in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_no_cookie_no_inline_script_and_its_manifest(db: None, language: str) -> None:
    answer = Client().get(f"/help/{language}/offline/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    assert f'<link rel="manifest" href="/help/{language}/app.webmanifest">' in page
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy


def test_every_sentence_the_scripts_ask_for_is_on_the_page(db: None) -> None:
    page = Client().get("/help/en/offline/").content.decode()
    there = set(re.findall(r'data-word="(\w+)"', page))
    asked = set()
    for name in shell.scripts():
        asked |= set(re.findall(r'\bsay\("(\w+)"', _text(name)))
        asked |= set(re.findall(r'(?<![.\w])add\("(\w+)"', _text(name)))
        asked |= {f"fault_{kind}" for kind in re.findall(r'Fault\("(\w+)"\)', _text(name))}
    assert len(asked) > 30
    assert asked <= there


def test_every_template_the_scripts_fill_is_on_the_page(db: None) -> None:
    page = Client().get("/help/ar/offline/").content.decode()
    asked = {found for name in shell.scripts() for found in re.findall(r'make\("([\w-]+)"\)', _text(name))}
    assert asked and all(f'<template id="{name}">' in page for name in asked)


def test_the_worker_holds_what_the_page_loads(db: None) -> None:
    worker = Client().get("/help/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert not worker.cookies
    told = json.loads(re.match(r"const SHELL = (.*);\n", worker.content.decode())[1])
    page = Client().get("/help/en/offline/").content.decode()
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg))"', page))
    assert loaded <= set(told["files"])
    assert told["version"] == shell._hash_of_files()


def test_nothing_comes_from_anywhere_else(db: None) -> None:
    texts = [_text(name) for name in (*shell.scripts(), "directory/offline/worker.js")]
    texts.append(Client().get("/help/en/offline/").content.decode())
    for text in texts:
        assert not re.search(r"(?:src|fetch\()\s*=?\s*[\"']?(?:https?:)?//", text)
        assert "innerHTML" not in text and "eval(" not in text and "document.cookie" not in text


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_app_can_be_installed(db: None, language: str) -> None:
    answer = Client().get(f"/help/{language}/app.webmanifest")
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert told["scope"] == "/help/" and told["start_url"] == f"/help/{language}/offline/"
    assert told["dir"] == ("rtl" if language == "ar" else "ltr")
    assert {"192x192", "512x512"} == {icon["sizes"] for icon in told["icons"]}
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_an_unknown_language_has_no_edition(db: None) -> None:
    for address in ("/help/xx/edition/", "/help/xx/offline/", "/help/xx/app.webmanifest"):
        assert Client().get(address).status_code == 404


def test_a_reader_without_packing_gets_a_file_as_it_is(db: None) -> None:
    name = making.make("en")["words"][0]
    packed = Client().get(f"/help/en/edition/{name}/", headers={"Accept-Encoding": "gzip"})
    plain = Client().get(f"/help/en/edition/{name}/")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert json.loads(plain.content)["needs"]["food"]
    assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"] == "no-store"


def test_a_guide_keeps_its_sources_and_what_is_not_certain() -> None:
    told = guides.all_guides("en")[0]
    row = Rows("en", 600, "UTC").guide(told)
    says = [one for step in told["steps"] for one in step["says"]]
    kept = [one for step in row["st"] for one in step["t"]]
    assert len(kept) == len(says)
    for one, (_said, certain, numbers) in zip(says, kept, strict=True):
        assert bool(certain) is (one["checked"] == "checked")
        assert [row["so"][number][2] for number in numbers] == [
            source["address"] for source in one["sources"]
        ]


def test_a_part_gives_back_its_lines() -> None:
    texts = [
        gathering.line("k", {"i": str(number), "n": "A\tname\nwith signs", "f": 1}).text
        for number in range(3)
    ]
    assert lines_of(part_of(texts)) == texts
    assert row_of(texts[2]) == {"i": "2", "n": "A\tname\nwith signs", "f": 1}
    assert lines_of(part_of([])) == []


def test_a_long_text_is_cut_at_a_word() -> None:
    assert cut("one two three", 9) == "one two …"
    assert cut("short", 600) == "short"


def test_hostile_texts_travel_as_plain_words() -> None:
    text = {"text": "<script>alert(1)</script>\u202eevil", "language": "en", "status": "original"}
    shown = {
        "id": "s",
        "organisation_id": "o",
        "name": text,
        "organisation": text,
        "url": "javascript:alert(1)",
        "phones": [{"number": "call \u202e me", "extension": "", "kind": "", "languages": []}],
    }
    row = Rows("en", 600, "UTC").service(shown)
    assert "u" not in row
    assert "\u202e" not in json.dumps(row, ensure_ascii=False)
    assert "t" not in row["p"][0]


def test_rules_of_hours_say_what_the_rows_say() -> None:
    rows = [
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"},
        {"freq": "WEEKLY", "byday": "TU,WE", "opens_at": "09:00:00", "closes_at": "17:00:00"},
        {"freq": "MONTHLY", "byday": "1SA", "opens_at": "22:00", "closes_at": "02:00"},
        {"description": "By appointment"},
    ]
    zone = Hours([], "America/Toronto").zone
    assert schedules(rows, zone) == [
        {"f": "WEEKLY", "o": 540, "c": 1020, "d": [0, 1, 2]},
        {"f": "MONTHLY", "d": [[1, 5]], "o": 1320, "c": 120},
        {"k": "By appointment"},
    ]


def _text(name: str) -> str:
    with open(str(finders.find(name)), encoding="utf-8") as file:  # noqa: PTH123 (a path of the finders)
        return file.read()
