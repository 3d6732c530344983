"""The page that needs no network, in several tabs, against a city that breaks off and changes its mind."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.journeys.browser import browser, chromium

SCRIPTS = Path(__file__).resolve().parents[3] / "src/philoxenia_web/casework/static/casework/offline"
NAMES = ("vault", "outbox", "page", "sending", "case", "work")
WORDS = "seven lanterns over the harbour"
NOTE = "We looked at the room."
CASE = "c1"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.skipif(not chromium(), reason="Chromium is not on this machine"),
]
PHONE = {"kind": "phone", "value": "416 555 0183", "safe": False, "how": "", "hours": "", "note": ""}
COPY = {
    "id": CASE, "number": "1", "name": "Zephyrine Quillhollow", "language": "", "interpreter": "",
    "birth_year": None, "household_size": 1, "access_needs": [], "notes": [],
    "things": [{"kind": "contact", "id": "p1", "values": {"contacts": [PHONE]}, "versions": {"contacts": "v"},
                "version": "w", "disputed": [], "shown": {}}],
}  # fmt: skip
RULES = {"batch": 50, "steps": {"need": {}, "task": {}}, "severities": [1, 2, 3, 4, 5]}
WORK = "".join(
    [
        "<!doctype html><title>x</title>",
        f"<div id=desk data-rules='{json.dumps(RULES)}' data-address=/front/offline/>",
        "<div id=sent></div><div id=view></div></div><template id=words><ul>",
        "<li data-word=note.visit>Visit</li><li data-word=empty_sure>lost %(count)s</li></ul></template>",
        *(f"<script defer src=/scripts/{name}.js></script>" for name in NAMES),
    ]
)
WORKER = "addEventListener('message', (event) => event.ports[0].postMessage({ done: true }))"


class City:
    """What a device speaks with. `broken` are answers given in place of the next ones, by address."""

    def __init__(self) -> None:
        self.written: dict[str, str] = {}
        self.standing: dict[str, Any] = {"keep": True, "unsent": True, "hold": [CASE]}
        self.refuses = ""
        self.broken: dict[str, list[tuple[int, str]]] = {}
        self.wiped: list[str] = []

    def answer(self, route: Route) -> None:
        where = urlsplit(route.request.url).path
        if where.startswith("/scripts/"):
            route.fulfill(path=SCRIPTS / Path(where).name, content_type="text/javascript")
            return
        name = where.removeprefix("/front/offline/").split("/")[0]
        if name == "work":
            route.fulfill(body=WORK, content_type="text/html")
        elif name == "sw.js":
            route.fulfill(body=WORKER, content_type="text/javascript")
        elif self.broken.get(name):
            status, text = self.broken[name].pop(0)
            route.fulfill(status=status, body=text, content_type="text/html")
        else:
            route.fulfill(json=getattr(self, f"_{name}")(route.request.post_data_json))

    def _hello(self, _told: Any) -> Any:
        return {"token": "t", "now": _at(0), "batch": 2}

    def _devices(self, _told: Any) -> Any:
        return self.standing | {"now": _at(0)}

    def _sync(self, told: Any) -> Any:
        results = []
        for one in told["changes"]:
            result = {"key": one["key"], "result": "applied", "reason": "", "version": "", "object": ""}
            if self.refuses:
                result |= {"result": "refused", "reason": self.refuses}
            else:
                self.written[one["key"]] = one["value"]["text"]
            results.append(result)
        return {"results": results}

    def _take(self, _told: Any) -> Any:
        return {"grant": grant(), "copies": [COPY], "languages": {}}

    def _wiped(self, told: Any) -> Any:
        self.wiped.append(told["why"])
        return {"heard": True}


def _at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def grant() -> dict[str, Any]:
    """What the city gives with copies."""
    rules = {"iterations": 1000, "allowed_tries": 3, "idle_minutes": 10}
    return {"device": "d1", "now": _at(0), "until": _at(8), "keep_until": _at(48), "rules": rules}


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def tablet(started: Browser, origin: str, city: City) -> Iterator[BrowserContext]:
    """A browser that holds one case, taken along from this city."""
    context = started.new_context(base_url=origin)
    context.set_default_timeout(10_000)
    for where in ("**/front/offline/**", "**/scripts/**"):
        context.route(where, city.answer)
    page = tab(context)
    page.evaluate(
        """async ([words, grant, copy]) => {
          await philoxenia.vault.create(words, grant);
          await philoxenia.vault.put({ "case:c1": copy, outbox: philoxenia.outbox.empty() }, 0); }""",
        [WORDS, grant(), COPY],
    )
    page.close()
    yield context
    context.close()


def tab(tablet: BrowserContext, opened: bool = False) -> Page:
    """A tab with the page, behind its door where it was `opened`."""
    page = tablet.new_page()
    page.goto(reverse("offline-work"))
    if opened:
        unlock(page)
    return page


def unlock(page: Page) -> None:
    page.fill("form.offline-door input", WORDS)
    page.click("form.offline-door button")


def write(page: Page, words: str = NOTE, *, save: bool = True) -> None:
    """A note in the only case."""
    if page.locator(".case-open").count():
        page.click(".case-open")
    page.fill("textarea", words)
    if save:
        # Pressed twice is once.
        page.dblclick(".inline-form:has(textarea) button.button")


def becomes(page: Page, what: str) -> None:
    """Until the device knows this of itself."""
    page.evaluate(
        f"""async () => {{
          const {{ vault }} = philoxenia;
          for (let tries = 0; tries < 400; tries += 1) {{
            if (await ({what})) return;
            await new Promise((done) => setTimeout(done, 25)); }}
          throw new Error({json.dumps(what)}); }}"""
    )


def waits(page: Page, count: int) -> None:
    """How much is not sent yet, as the device knows it."""
    becomes(page, f"vault.state().then((one) => one.unsent === {count})")


def test_a_city_that_breaks_off_or_is_away_costs_no_word(tablet: BrowserContext, city: City) -> None:
    page = tab(tablet, opened=True)
    expect(page.locator(".case-open")).to_be_visible()
    tablet.set_offline(True)
    for number in range(3):
        write(page, f"{NOTE} {number}")
        expect(page.locator(".note-line")).to_have_count(number + 1)
    # A proxy's page in place of every answer; an error in the middle of a batch; an answer that got lost.
    city.broken = {
        "devices": [(404, "not found"), (200, "maintenance"), (502, "")],
        "sync": [(500, ""), (404, "not found")],
        "hello": [(503, "")],
    }
    tablet.set_offline(False)
    for _time in range(3):
        expect(page.locator("#sent button")).to_be_visible()
        page.click("#sent button")
    waits(page, 0)
    assert sorted(city.written.values()) == [f"{NOTE} {number}" for number in range(3)]
    expect(page.locator(".offline-name")).to_be_visible()


def test_two_tabs_work_on_one_device_and_neither_takes_the_others_work(
    tablet: BrowserContext, city: City
) -> None:
    first, second = tab(tablet, opened=True), tab(tablet, opened=True)
    expect(first.locator(".case-open")).to_be_visible()
    write(first, "From the first.")
    expect(first.locator(".note-line")).to_have_count(1)

    def answers_late(route: Route) -> None:
        # Between asking and getting fresh copies somebody writes in the other tab.
        write(second, "From the second.")
        expect(second.locator(".note-line .status-waiting")).to_have_count(1)
        city.answer(route)

    tablet.route("**/take/", answers_late)
    first.get_by_role("button", name="renew").or_(first.get_by_text("back")).first.click()
    first.get_by_role("button", name="renew").click()
    waits(first, 1)
    second.get_by_role("button", name="send").click()
    waits(second, 0)
    assert sorted(city.written.values()) == ["From the first.", "From the second."]


def test_what_the_city_answers_takes_nothing_away_that_is_being_typed(
    tablet: BrowserContext, city: City
) -> None:
    held: list[Route] = []
    tablet.route("**/devices/**", lambda route: held.append(route))

    def released() -> None:
        while not held:
            page.wait_for_timeout(20)
        city.answer(held.pop())

    page = tab(tablet)
    released()
    unlock(page)
    # The answer to what was sent at the beginning comes while somebody writes.
    page.click(".case-open")
    page.fill("textarea", NOTE)
    released()
    expect(page.locator("#sent")).not_to_contain_text("sending")
    expect(page.locator("textarea")).to_have_value(NOTE)
    # The city ends the copies while somebody types the passphrase: the door stands, what was begun is kept.
    becomes(page, "vault.names('draft:').then((found) => found.length)")
    page.reload()
    city.standing["keep"] = False
    page.fill("form.offline-door input", WORDS)
    released()
    becomes(page, "vault.state().then((one) => one.kind === 'expired')")
    expect(page.locator("form.offline-door input")).to_have_value(WORDS)
    page.click("form.offline-door button")
    expect(page.locator("textarea")).to_have_value(NOTE)
    released()


def test_who_signed_out_keeps_work_and_no_copy(tablet: BrowserContext, city: City) -> None:
    page = tab(tablet, opened=True)
    expect(page.locator(".case-open")).to_be_visible()
    tablet.set_offline(True)
    write(page)
    expect(page.locator(".note-line")).to_have_count(1)
    write(page, "Begun and not", save=False)
    becomes(page, "vault.names('draft:').then((found) => found.length)")
    city.standing = {"keep": False, "unsent": True, "hold": []}
    city.broken = {"hello": [(401, "")] * 9}
    tablet.set_offline(False)
    page.reload()
    becomes(page, "vault.names('case:').then((found) => !found.length)")
    unlock(page)
    expect(page.locator(".words-left .words")).to_have_text(NOTE)
    expect(page.locator("textarea")).to_have_value("Begun and not")
    # Emptying asks, and counts both.
    page.get_by_role("button", name="empty").click()
    expect(page.locator(".button-danger")).to_contain_text("2")
    # Signed in again: the rest is written, sent, and then nothing is left.
    city.broken = {}
    page.click(".inline-form:has(textarea) button.button")
    expect(page.locator(".words-left .status-waiting")).to_have_count(2)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#view")).to_contain_text("wiped")
    assert sorted(city.written.values()) == ["Begun and not", NOTE]
    becomes(page, "vault.state().then((one) => one.kind === 'none')")
    assert city.wiped == ["time"]


def test_a_stopped_device_and_one_whose_case_was_closed(tablet: BrowserContext, city: City) -> None:
    page = tab(tablet, opened=True)
    expect(page.locator(".case-open")).to_be_visible()
    tablet.set_offline(True)
    write(page)
    expect(page.locator(".note-line")).to_have_count(1)
    city.standing["hold"], city.refuses = [], "closed"
    tablet.set_offline(False)
    # The copy goes, the words are shown until their author has read them, also over the time limit.
    expect(page.locator(".notice-attention .words")).to_have_text(NOTE)
    assert page.evaluate("philoxenia.vault.names('case:')") == []
    page.evaluate("philoxenia.vault.endCopies()")
    page.reload()
    unlock(page)
    expect(page.locator(".notice-attention .words")).to_have_text(NOTE)
    city.standing = {"keep": False, "unsent": False, "hold": []}
    page.reload()
    expect(page.locator("#view")).to_contain_text("wiped_revoked")


def test_the_limit_comes_while_somebody_writes_and_a_clock_runs_ahead(
    tablet: BrowserContext, city: City
) -> None:
    page = tablet.new_page()
    page.clock.install()
    page.goto(reverse("offline-work"))
    unlock(page)
    expect(page.locator(".case-open")).to_be_visible()
    tablet.set_offline(True)
    write(page, save=False)
    page.evaluate("Date.now = ((real) => () => real() + 9 * 3600000)(Date.now); philoxenia.vault.touch()")
    page.click(".inline-form:has(textarea) button.button")
    expect(page.locator(".words-left .words")).to_have_text(NOTE)
    assert page.evaluate("philoxenia.vault.names('case:')") == []
    # In 2038 by its own clock: nothing opens, nothing is lost, the city knows what the time is.
    page.evaluate("Date.now = ((real) => () => real() + 12 * 365 * 86400000)(Date.now)")
    page.evaluate("philoxenia.vault.state()")
    page.reload()
    page.evaluate("Date.now = ((real) => () => real() + 12 * 365 * 86400000)(Date.now)")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    tablet.set_offline(False)
    page.reload()
    unlock(page)
    waits(page, 0)
    assert list(city.written.values()) == [NOTE]


def with_clock(tablet: BrowserContext) -> Page:
    """A tab in its only case, whose time the test moves on, without a network from the door on."""
    page = tablet.new_page()
    page.clock.install()
    page.goto(reverse("offline-work"))
    tablet.set_offline(True)
    unlock(page)
    page.click(".case-open")
    expect(page.locator(".offline-name")).to_be_visible()
    return page


def test_what_the_door_hides_leaves_the_screen_when_nobody_touches_it(tablet: BrowserContext) -> None:
    page = with_clock(tablet)
    write(page, save=False)
    # Touched all the time, and over its limit: the copy goes, what was begun stays.
    page.evaluate("Date.now = ((real) => () => real() + 9 * 3600000)(Date.now); philoxenia.vault.touch()")
    page.clock.run_for(16_000)
    expect(page.locator(".words-left textarea")).to_have_value(NOTE)
    assert page.evaluate("philoxenia.vault.names('case:')") == []
    assert COPY["name"] not in page.inner_text("#view")
    page.click(".inline-form:has(textarea) button.button")
    expect(page.locator(".words-left .words")).to_have_text(NOTE)
    page.get_by_role("button", name="empty").click()
    expect(page.locator(".button-danger")).to_be_visible()
    # Nobody touches what is left: the door stands before it, and forgets what was asked.
    page.clock.fast_forward("11:00")
    expect(page.locator("form.offline-door")).to_be_visible()
    expect(page.locator("#view")).not_to_contain_text(NOTE)
    unlock(page)
    expect(page.locator(".words-left .words")).to_have_text(NOTE)
    expect(page.locator(".button-danger")).to_have_count(0)


def test_a_page_without_unsent_words_ends_at_its_limit(tablet: BrowserContext) -> None:
    page = with_clock(tablet)
    page.evaluate("Date.now = ((real) => () => real() + 9 * 3600000)(Date.now); philoxenia.vault.touch()")
    page.clock.run_for(16_000)
    expect(page.locator("#view")).to_contain_text("wiped_time")
    assert page.evaluate("philoxenia.vault.names('')") == []


def test_a_number_being_typed_outlives_what_else_is_saved(tablet: BrowserContext) -> None:
    page = with_clock(tablet)
    number, save = page.locator(".contact-row input[dir]"), page.locator(".contacts-form button").last
    number.fill("416 555 0199")
    write(page)
    expect(page.locator(".note-line")).to_have_count(1)
    expect(number).to_have_value("416 555 0199")
    save.click()
    expect(page.locator(".contacts-form > .status-waiting")).to_be_visible()
    waits(page, 2)
    # Another one, while the field has come before a person: it has no place, and is not called saved.
    number.fill("416 555 0111")
    page.evaluate(
        """async () => { const { vault } = philoxenia, copy = await vault.get("case:c1");
          copy.things[0].disputed = ["contacts"]; await vault.put({ "case:c1": copy }); }"""
    )
    write(page, "A second.")
    expect(page.locator(".contacts-form > .status-attention")).to_be_visible()
    expect(page.locator("#sent")).to_contain_text("saved")
    save.click()
    expect(page.locator(".notice-attention")).to_contain_text("reason.not_allowed")
    expect(page.locator(".notice-attention .words")).to_have_text("416 555 0111")
    expect(page.locator("#sent")).not_to_contain_text("saved")
    expect(number).to_be_disabled()
    waits(page, 4)
