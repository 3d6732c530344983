"""Pages of guides: every sentence with its source, translations marked, nothing sent, nothing kept."""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from philoxenia.directory.guides import check_guides
from philoxenia_web.directory.guides import views
from philoxenia_web.directory.guides.checks import for_rule
from philoxenia_web.directory.guides.queries import all_guides, city_guides
from philoxenia_web.directory.guides.readable import plain, readable

LARGEST = 50_000


def page(client: Client, language: str, guide: str = "", **asked: str) -> str:
    name, parts = ("help-guide", [language, guide]) if guide else ("help-guides", [language])
    answer = client.get(reverse(name, args=parts), asked)
    assert answer.status_code == 200
    assert not answer.cookies
    assert len(answer.content) < LARGEST, f"{guide} weighs {len(answer.content):,} bytes in {language}"
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["en", "ar", "el"])
def test_every_guide_opens_small_without_cookies_and_says_what_stands_behind_it(
    client: Client, language: str
) -> None:
    assert [one.id for one in city_guides().guides] == [
        *("tonight", "rights", "health", "renting", "school", "bank", "business", "citizenship")
    ]
    listed = page(client, language)
    for guide in city_guides().guides:
        assert reverse("help-guide", args=[language, guide.id]) in listed
        body = page(client, language, guide.id)
        linked = set(re.findall(r'href="#(source-\d+)"', body))
        assert linked and linked == set(re.findall(r'id="(source-\d+)"', body))
        assert body.count("<script") == (1 if guide.checks else 0) and "onclick" not in body


def test_a_guide_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get(reverse("help-guide", args=["en", "fly-to-the-moon"])).status_code == 404
    assert client.get("/help/xx/guides/").status_code == 404
    assert client.get(reverse("help-guide-check", args=["en", "business", "register"])).status_code == 404


def test_gaps_are_said_and_numbers_are_dialled(client: Client) -> None:
    body = page(client, "ar", "tonight")
    assert '<a href="tel:4163384766"><bdi dir="ltr">416-338-4766</bdi></a>' in body
    assert '<a href="tel:911"><bdi dir="ltr">911</bdi></a>' in body
    assert body.count('class="gap"') == sum(
        one.status == "unknown"
        for step in city_guides().guide("tonight").steps
        for one in step.statements  # type: ignore[union-attr]
    )


def test_a_machine_translation_says_so_once_and_what_is_missing_is_english_and_marked(client: Client) -> None:
    assert "A machine translated this page" not in page(client, "en", "tonight")
    body = page(client, "ar", "tonight")
    assert 'dir="rtl"' in body.split("\n")[1] or 'dir="rtl"' in body[:200]
    # Sources keep their own language and direction inside the Arabic page.
    assert '<bdi lang="en" dir="ltr">City of Toronto</bdi>' in body


def test_the_check_carries_its_rules_in_the_page_and_has_nowhere_to_send_answers_to(client: Client) -> None:
    body = page(client, "en", "citizenship")
    form = re.search(r'<section class="check box".*?</form>', body, re.DOTALL)
    assert form and "action=" not in form[0] and 'type="submit"' not in form[0] and "<button>" not in form[0]
    data = json.loads(unescape(re.search(r'data-check="([^"]*)"', body)[1]))  # type: ignore[index]
    assert {one["id"] for one in data["outcomes"]} == {"ready", "days", "taxes", "language", "no_test"}
    assert list(data["questions"]) == ["days_in_country", "taxes_filed", "age", "speaks_official"]


def test_without_a_script_the_check_is_nested_questions_that_lead_to_its_answers(client: Client) -> None:
    body = page(client, "en", "bank")
    tree = re.search(r"<div data-plain>(.*?)</div>", body, re.DOTALL)[1]  # type: ignore[index]
    assert "<summary>Yes</summary>" in tree and "<form" not in tree
    for target in set(re.findall(r'href="#([^"]+)"', tree)):
        assert f'id="{target}"' in body


def test_the_account_finder_keeps_what_fits_and_does_not_guess(client: Client) -> None:
    everything = page(client, "en", "bank")
    assert [everything.index(name) for name in ("Tangerine", "Scotiabank", "RBC")] == sorted(
        everything.index(name) for name in ("Tangerine", "Scotiabank", "RBC")
    )
    free = page(client, "en", "bank", fee="0", balance="0")
    table = free[free.index('id="accounts"') : free.index('id="sources"')]
    assert "Tangerine" in table and "Basic Bank Account" not in table
    # A balance that is not known is no zero.
    assert "Not known to us" in everything[everything.index("Basic Bank Account") :]
    assert "Basic Bank Account" in page(client, "en", "bank", fee="<script>", balance="9")


def test_the_permit_navigator_names_permit_fee_and_form(client: Client) -> None:
    address = reverse("help-guide-check", args=["en", "business", "permits"])
    assert address in page(client, "en", "business")
    answer = client.get(address)
    body = answer.content.decode()
    assert len(answer.content) < LARGEST and not answer.cookies
    assert set(re.findall(r'href="#(source-\d+)"', body)) == set(re.findall(r'id="(source-\d+)"', body))
    eating = re.search(r'<li data-outcome="eating".*?</li>', body, re.DOTALL)[0]  # type: ignore[index]
    assert "zoning review" in eating and "Fee" in eating and "www.toronto.ca" in eating


def test_a_services_own_rule_becomes_a_check_and_a_bad_one_none() -> None:
    check = for_rule({"question": "age", "at_most": 24}, "en")
    assert check is not None and [words for words, _after in check.tree["replies"]] == [
        "24 or less",
        "25 or more",
    ]
    assert for_rule({}, "en") is None
    assert for_rule({"question": "immigration_status", "is": True}, "en") is None


def test_all_guides_are_plain_values_in_a_language() -> None:
    found = json.loads(json.dumps(all_guides("ar"), ensure_ascii=False))
    tonight = found[0]
    assert tonight["id"] == "tonight" and tonight["direction"] == "rtl"
    said = tonight["steps"][1]["says"][0]
    assert "`" not in said["text"] and said["sources"][0]["owner"] == "City of Toronto"
    assert said["checked"] == "checked" and said["status"] in ("machine", "human", "original")


def test_marks_of_a_text_are_escaped_and_isolated() -> None:
    assert readable("<b>`911`") == '&lt;b&gt;<a href="tel:911"><bdi dir="ltr">911</bdi></a>'
    assert readable("`javascript:alert(1)`") == '<bdi dir="ltr">javascript:alert(1)</bdi>'
    assert readable("Call `911`", links=False) == 'Call <bdi dir="ltr">911</bdi>'
    assert plain("Call `911` now") == "Call \u2066911\u2069 now"


def test_a_guide_past_its_date_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "should have been checked" not in page(client, "en", "tonight")
    monkeypatch.setattr(views.timezone, "localdate", lambda: date(2030, 1, 1))
    assert "It should have been checked again by" in page(client, "en", "tonight")


def test_a_city_without_guides_says_so(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, city=tmp_path))
    assert "This city has no guides yet." in page(client, "en")
    assert all_guides("ar") == []


def test_the_citys_guides_have_no_fault() -> None:
    folder = Path(settings.ENVIRONMENT.city) / "guides"
    assert check_guides(folder).faults == ()
