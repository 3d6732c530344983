"""Finding help on a telephone: Arabic, 360 px, no JavaScript, few bytes, no cookie, nothing axe minds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.axe import findings
from tests.journeys.browser import Look, opened, overflow
from tests.journeys.demonstration import LOOKING, Demonstration
from tests.journeys.screens import show

pytestmark = LOOKING
ARABIC = Look(language="ar", width=360, script=False)
FIRST_PAGE_MOST = 50_000
UNPACKED = "performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)"
LOOKS = (Look("en", 1280, "light"), Look("en", 360, "dark"))


@contextmanager
def stranger(demo: Demonstration, look: Look = ARABIC) -> Iterator[Page]:
    """Somebody who was never here: no cookie of ours but none either may come."""
    context = opened(demo.started, demo.base, look)
    context.clear_cookies()
    page = context.new_page()
    yield page
    assert context.cookies() == [], "no page sets a cookie"
    context.close()


def right_to_left(page: Page) -> None:
    """Arabic, no wider than the window."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert overflow(page) == 0, page.url


def test_from_the_door_to_a_number_one_can_call(demo: Demonstration) -> None:
    with stranger(demo) as page:
        page.goto("/")
        page.click("a[hreflang=ar]")
        right_to_left(page)
        show(page, "help-first-ar-360")
        page.click("a[href$='find/?need=information']")
        right_to_left(page)
        page.click("summary")
        page.check("input[name=free]")
        page.click("details button")
        right_to_left(page)
        assert "free=1" in page.url
        show(page, "help-find-ar-360")
        page.click(".found h2 a >> nth=0")
        right_to_left(page)
        number = page.locator("a[href^='tel:'] bdi").first
        expect(number).to_have_attribute("dir", "ltr")
        show(page, "help-service-ar-360")
        page.click("a[href$='/poster/']")
        expect(page.locator("svg.qr")).to_be_visible()
        right_to_left(page)


def test_the_first_page_weighs_little_on_the_wire(demo: Demonstration) -> None:
    with stranger(demo, Look(language="ar", width=360)) as page:
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: dict[str, float] = {}
        hosts: set[str] = set()
        wire.on(
            "Network.loadingFinished",
            lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}),
        )
        page.on("request", lambda asked: hosts.add(asked.url.split("/")[2]))
        page.goto("/help/ar/", wait_until="networkidle")
        assert hosts == {demo.base.split("/")[2]}, "nobody else is asked for anything"
        assert len(sizes) <= 3
        assert 0 < sum(sizes.values()) < FIRST_PAGE_MOST / 3
        assert page.evaluate(UNPACKED) < FIRST_PAGE_MOST


def test_what_is_wrong_is_told_without_a_cookie(demo: Demonstration) -> None:
    with stranger(demo) as page:
        page.goto("/help/en/find/?q=library")
        page.click(".found h2 a >> nth=0")
        page.click("a[href$='/wrong/']")
        page.check("input[name=kind][value=hours]")
        page.fill("textarea", "مغلق يوم الاثنين")
        page.click("form[method=post] button")
        expect(page.locator("h1")).to_have_text("Thank you")
        service = page.url.split("/")[-3]
    rows = demo.ask("select kind, words from directory_feedback where service_id = %s", service)
    assert ("hours", "مغلق يوم الاثنين") in rows


def test_a_map_is_drawn_without_a_script(demo: Demonstration) -> None:
    with stranger(demo) as page:
        page.goto("/help/ar/find/?q=library&view=map")
        right_to_left(page)
        box = page.locator("svg.map").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
        page.click("svg.map a.spot >> nth=0", force=True)
        assert re.search(r"#s\d+$", page.url)


def test_a_poster_fills_one_sheet(demo: Demonstration) -> None:
    with stranger(demo, Look("ar", 1280)) as page:
        page.goto("/help/ar/find/?q=library")
        page.click(".found h2 a >> nth=0")
        page.click("a[href$='/poster/']")
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
        assert len(sheets) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(demo: Demonstration, language: str) -> None:
    service, place, body = demo.ask(
        "select s.id, t.location_id, s.organization_id from directory_service s"
        " join directory_service_at_location t on t.service_id = s.id where s.status = 'active' limit 1"
    )[0]
    start = f"/help/{language}/"
    paths = [
        *("/help/", start, f"{start}about/", f"{start}person/", f"{start}find/?q=library&view=map"),
        *(
            f"{start}find/?q=nothing-like-it",
            f"{start}service/{service}/",
            f"{start}service/{service}/wrong/",
        ),
        *(f"{start}service/{service}/poster/", f"{start}place/{place}/", f"{start}organisation/{body}/"),
    ]
    assert findings(demo.started, demo.base, paths, seen_as=LOOKS) == []
