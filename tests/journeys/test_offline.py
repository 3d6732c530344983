"""The whole city on a phone of 360 pixels, in Arabic, with the network cut."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect
from tests.journeys.axe import _axe
from tests.journeys.browser import overflow
from tests.journeys.demonstration import JOURNEY, PATIENCE_MS, Demonstration
from tests.journeys.served import until

pytestmark = JOURNEY
HOME = "/help/ar/offline/"
PART = re.compile(r"/help/ar/edition/[0-9a-f]{20}/$")
# What is held, as a script of the page reads it.
HELD = "philoxenia.edition.read('ar')"


@pytest.fixture
def phone(demo: Demonstration) -> Iterator[BrowserContext]:
    """A phone nobody has used before, once the city has made its edition."""
    context = demo.started.new_context(
        base_url=demo.base, viewport={"width": 360, "height": 740}, locale="ar", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    until(lambda: context.request.get("/help/ar/edition/").ok)
    yield context
    context.close()


def keep(page: Page) -> None:
    """Open the page about keeping and keep the city."""
    page.goto(HOME)
    page.click("#status button")
    expect(page.locator("#status .age")).to_be_visible()


def shown(page: Page, address: str) -> None:
    """Open an address and wait until the kept page has drawn it."""
    page.goto(address)
    expect(page.locator("#view > *").first).to_be_visible()


def a_service(page: Page) -> dict[str, Any]:
    """The first service of the edition that has a number to call."""
    return dict(
        page.evaluate(
            "philoxenia.edition.open('ar').then(({ lines }) => lines.map(philoxenia.edition.rowOf)"
            ".find((row) => row.k !== 'g'"
            " && [row, ...(row.pl || [])].some((one) => (one.p || []).some((phone) => phone.t))))"
        )
    )


def words_of(text: Any) -> str:
    """A text of a row without its language."""
    return str(text[0] if isinstance(text, list) else text)


def test_the_city_is_found_without_a_network(phone: BrowserContext) -> None:
    page = phone.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    keep(page)
    row = a_service(page)
    assert answers and all("set-cookie" not in one.headers for one in answers)
    assert all(one.url.startswith(page.url.split("/help")[0]) for one in answers)
    assert phone.cookies() == []
    phone.set_offline(True)
    for address in ("/help/ar/", "/help/"):
        shown(page, address)
        expect(page.locator(".needs a").first).to_be_visible()
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.fill("#view input[name=q]", words_of(row["n"]))
    page.press("#view input[name=q]", "Enter")
    expect(page.locator("#count")).to_be_visible()
    expect(page.locator(".found li").first).to_contain_text(words_of(row["n"]))
    assert overflow(page) <= 0
    page.locator(".found a").first.click()
    expect(page.locator("#view .age")).to_be_visible()
    # The address of the page with a network: read again, it comes from the phone.
    shown(page, f"/help/ar/service/{row['i']}/")
    expect(page.locator("h1")).to_contain_text(words_of(row["n"]))
    assert page.locator("a[href^='tel:'] bdi[dir=ltr]").count() >= 1
    assert _axe(page) == []
    shown(page, "/help/ar/guides/")
    page.locator(".found a").first.click()
    expect(page.locator("article h2").first).to_be_visible()


def test_filters_work_without_a_network(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page)
    phone.set_offline(True)
    shown(page, "/help/ar/find/?free=1")
    expect(page.locator("#count")).to_be_visible()
    assert page.locator("input[name=free]").is_checked()
    free = page.locator(".found > li")
    assert free.count() == 0 or free.locator(".good").count() >= free.count()
    shown(page, "/help/ar/find/?q=zzxqvw")
    expect(page.locator("#count")).to_be_visible()
    assert page.locator(".found li").count() == 0


def test_a_broken_download_goes_on_where_it_broke(phone: BrowserContext) -> None:
    page = phone.new_page()
    asked: list[str] = []

    def break_the_third(route: Route) -> None:
        asked.append(route.request.url)
        route.abort() if len(asked) == 3 else route.continue_()

    page.goto(HOME)
    manifest = phone.request.get("/help/ar/edition/").json()
    if len(manifest["parts"]) < 3:
        pytest.skip("the edition is too small to break")
    page.route(PART, break_the_third)
    page.click("#status button")
    expect(page.locator("#status .fault")).to_be_visible()
    assert page.evaluate(HELD) is None
    page.click("#status button")
    expect(page.locator("#status .age")).to_be_visible()
    # What had come was not asked for again; the broken one was, once.
    assert len(asked) == len(set(asked)) + 1
    assert page.evaluate(HELD)["manifest"]["digest"]


def test_a_damaged_part_is_not_kept(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(HOME)
    page.route(PART, lambda route: route.fulfill(status=200, body='{"needs":{}}'))
    page.click("#status button")
    expect(page.locator("#status .fault")).to_be_visible()
    assert page.evaluate(HELD) is None


def test_a_full_phone_keeps_what_it_had(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page)
    before = page.evaluate(HELD)
    page.evaluate(
        "caches.open('philoxenia-edition-ar').then(async (box) => {"
        f" const held = await {HELD}; held.manifest.digest = 'another'; held.manifest.number = -1;"
        " await box.put('/help/ar/edition/held', new Response(JSON.stringify(held))); })"
    )
    session = phone.new_cdp_session(page)
    origin = page.url.split("/help")[0]
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1000})
    page.reload()
    page.locator("#status button").first.click()
    expect(page.locator("#status .fault")).to_be_visible()
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    assert page.evaluate(HELD)["files"] == before["files"]
    phone.set_offline(True)
    shown(page, "/help/ar/find/?free=1")


def test_a_year_later_it_warns_and_still_reads(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page)
    assert page.locator(".age strong").count() == 0
    phone.set_offline(True)
    page.clock.set_fixed_time(datetime.now() + timedelta(days=400))
    shown(page, "/help/ar/")
    expect(page.locator("#view .age strong")).to_be_visible()
    expect(page.locator(".needs a").first).to_be_visible()


def test_two_windows_load_it_once_and_both_read_it(phone: BrowserContext) -> None:
    page, other = phone.new_page(), phone.new_page()
    keep(page)
    other.goto("/help/ar/offline/")
    expect(other.locator("#status .age")).to_be_visible()
    found = page.evaluate(
        "Promise.allSettled([1, 2].map(() => philoxenia.edition.renew('ar', { whole: true })))"
        ".then((all) => all.map((one) => one.value || one.reason.kind))"
    )
    assert sorted(found) == ["busy", "same"]
    phone.set_offline(True)
    for window in (page, other):
        shown(window, "/help/ar/find/?free=1")


def test_an_edition_of_older_pages_is_told_and_made_anew(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page)
    page.evaluate(
        "caches.open('philoxenia-edition-ar').then(async (box) => {"
        f" const held = await {HELD}; held.manifest.format = 0;"
        " await box.put('/help/ar/edition/held', new Response(JSON.stringify(held))); })"
    )
    phone.set_offline(True)
    page.goto("/help/ar/")
    expect(page.locator("#view .fault")).to_be_visible()
    phone.set_offline(False)
    page.goto(HOME)
    page.locator("#status button").first.click()
    expect(page.locator(".needs a").first).to_be_visible()
    assert page.evaluate(HELD)["manifest"]["format"] == 1


def test_what_was_removed_is_gone(phone: BrowserContext) -> None:
    page = phone.new_page()
    keep(page)
    page.locator("#status button.plain").click()
    expect(page.locator("#status .age")).to_have_count(0)
    assert page.evaluate("philoxenia.edition.languages()") == []
    assert not [name for name in page.evaluate("caches.keys()") if "edition-ar" in name]
