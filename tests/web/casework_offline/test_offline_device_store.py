"""What lies on a device, in Chromium: sealed, out of reach after its time, gone after too many tries."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.journeys.browser import chromium

SCRIPTS = Path(__file__).resolve().parents[3] / "src/philoxenia_web/casework/static/casework/offline"
NAME = "Zephyrine Quillhollow"
WORDS = "seven lanterns over the harbour"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.skipif(not chromium(), reason="Chromium is not on this machine"),
]
ASK = "const ask = (wish) => new Promise((done) => { wish.onsuccess = () => done(wish.result); });"
GRANT = """(hours) => { const at = (more) => new Date(Date.now() + more * 3600000).toISOString();
  return { device: "d1", now: at(0), until: at(hours), keep_until: at(hours + 24),
    rules: { iterations: 1000, allowed_tries: 3, idle_minutes: 10 } }; }"""


@pytest.fixture
def device(window: Page, origin: str) -> Page:
    """A device with nothing on it."""
    window.clock.install()
    window.goto(origin)
    for name in ("vault", "outbox"):
        window.add_script_tag(path=str(SCRIPTS / f"{name}.js"))
    window.evaluate("philoxenia.vault.wipe('hand').then(philoxenia.vault.forget)")
    return window


def made(page: Page, hours: float = 8) -> None:
    """A store that holds a case."""
    page.evaluate(
        f"async ([passphrase, hours, name]) => {{ const {{ vault }} = philoxenia;"
        f" await vault.create(passphrase, ({GRANT})(hours));"
        " await vault.put({ 'case:1': { name }, outbox: { waiting: [name] } }, 1); }",
        [WORDS, hours, NAME],
    )


def tried(page: Page, passphrase: str) -> Any:
    """What opening answers: the state, or the kind of fault."""
    return page.evaluate(
        "(passphrase) => philoxenia.vault.unlock(passphrase).then((one) => one.kind, (fault) => fault.kind)",
        passphrase,
    )


def read(page: Page, name: str) -> Any:
    """A kept value, or the kind of fault."""
    return page.evaluate("(name) => philoxenia.vault.get(name).catch((fault) => fault.kind)", name)


def everything_on_the_disk(page: Page) -> str:
    """All that the database of the device holds, as text."""
    return str(
        page.evaluate(
            f"""async () => {{ {ASK}
            const text = (value) => JSON.stringify(value, (_, one) =>
              (one instanceof Uint8Array ? String.fromCharCode(...one) : one));
            const database = await ask(indexedDB.open("philoxenia-desk"));
            const found = [];
            for (const name of database.objectStoreNames) {{
              const store = database.transaction(name).objectStore(name);
              found.push(await ask(store.getAllKeys()), await ask(store.getAll())); }}
            database.close();
            return text([found, {{ ...localStorage }}, {{ ...sessionStorage }}, document.cookie]); }}"""
        )
    )


def test_what_is_kept_is_sealed_and_opens_with_the_passphrase_alone(device: Page) -> None:
    made(device)
    held = everything_on_the_disk(device)
    assert "case:1" in held
    assert not [word for word in (*NAME.split(), *WORDS.split()) if word in held]
    device.evaluate("philoxenia.vault.lock()")
    assert read(device, "case:1") == "locked"
    assert tried(device, "seven lanterns over the harbor") == "wrong"
    assert tried(device, WORDS) == "open"
    assert read(device, "case:1") == {"name": NAME}


def test_too_many_wrong_tries_remove_everything_even_across_reloads(device: Page, origin: str) -> None:
    made(device)
    for number in range(3):
        device.goto(origin)
        device.add_script_tag(path=str(SCRIPTS / "vault.js"))
        assert tried(device, f"wrong {number}") == ("wiped" if number == 2 else "wrong")
    assert tried(device, WORDS) == "wiped"
    held = everything_on_the_disk(device)
    assert "case:1" not in held
    assert "wrapped" not in held
    assert device.evaluate("philoxenia.vault.state()")["why"] == "tries"


def test_after_its_time_cases_are_gone_and_unsent_work_can_still_be_sent(device: Page) -> None:
    made(device, hours=2)
    device.clock.fast_forward("03:00:00")
    assert device.evaluate("philoxenia.vault.state()")["kind"] == "expired"
    assert "case:1" not in everything_on_the_disk(device)
    assert tried(device, WORDS) == "expired"
    assert read(device, "case:1") == "expired"
    assert read(device, "outbox") == {"waiting": [NAME]}
    # That its last time is over is the city's to say: this device's clock may have run ahead.
    device.clock.fast_forward("24:00:00")
    assert device.evaluate("philoxenia.vault.state()")["kind"] == "over"
    assert tried(device, WORDS) == "over"
    device.evaluate("philoxenia.vault.setClock(new Date(Date.now() - 30 * 3600000).toISOString())")
    assert tried(device, WORDS) == "open"
    assert read(device, "outbox") == {"waiting": [NAME]}


def test_after_its_time_nothing_stays_where_all_was_sent(device: Page) -> None:
    made(device, hours=2)
    device.evaluate("philoxenia.vault.put({ outbox: null, 'draft:1': 'We looked at' }, 0)")
    device.clock.fast_forward("03:00:00")
    # A note that was begun is work too.
    assert device.evaluate("philoxenia.vault.state()")["kind"] == "expired"
    tried(device, WORDS)
    device.evaluate("philoxenia.vault.put({ 'draft:1': null })")
    assert device.evaluate("philoxenia.vault.state()")["kind"] == "wiped"


def test_a_clock_set_back_gives_no_more_time(device: Page) -> None:
    made(device, hours=2)
    device.clock.fast_forward("01:50:00")
    device.evaluate("philoxenia.vault.lock()")
    tried(device, WORDS)
    until = device.evaluate("philoxenia.vault.state()")["until"]
    device.evaluate("Date.now = ((real) => () => real() - 5 * 3600000)(Date.now)")
    assert read(device, "outbox") == "locked"
    tried(device, WORDS)
    device.evaluate("philoxenia.vault.put({ 'case:2': {} })")
    assert device.evaluate("philoxenia.vault.state()")["until"] == until
    device.evaluate("Date.now = ((real) => () => real() + 5 * 3600000 + 700000)(Date.now)")
    assert device.evaluate("philoxenia.vault.state()")["kind"] == "expired"


def test_it_locks_when_nobody_works(device: Page) -> None:
    made(device)
    device.clock.fast_forward("11:00")
    assert read(device, "case:1") == "locked"
    assert tried(device, WORDS) == "open"


def test_what_was_moved_or_changed_on_the_disk_does_not_open(device: Page) -> None:
    made(device)
    device.evaluate(
        f"""async () => {{ {ASK}
        const database = await ask(indexedDB.open("philoxenia-desk"));
        const store = database.transaction("things", "readwrite").objectStore("things");
        const one = await ask(store.get("outbox"));
        await ask(store.put(one, "case:1"));
        one.data[0] ^= 1;
        await ask(store.put(one, "outbox"));
        database.close(); }}"""
    )
    assert read(device, "case:1") == "broken"
    assert read(device, "outbox") == "broken"


def test_several_values_are_put_together_or_not_at_all(device: Page) -> None:
    made(device)
    said = device.evaluate(
        "philoxenia.vault.put({ outbox: { waiting: [] }, 'case:1': { circle: 1n } }).catch(() => 'failed')"
    )
    assert said == "failed"
    assert read(device, "outbox") == {"waiting": [NAME]}


def test_two_windows_that_guess_at_once_use_up_two_tries(device: Page) -> None:
    made(device)
    found = device.evaluate(
        "Promise.all(['wrong a', 'wrong b', 'wrong c'].map((one) =>"
        " philoxenia.vault.unlock(one).catch((fault) => fault.kind))).then((all) => all.includes('wiped'))"
    )
    assert found
    assert tried(device, WORDS) == "wiped"


def test_what_one_tab_does_no_other_takes_back(device: Page, origin: str) -> None:
    made(device, hours=2)
    other = device.context.new_page()
    other.goto(origin)
    other.add_script_tag(path=str(SCRIPTS / "vault.js"))
    # Cases are taken along in a second tab whose form was open all the time.
    again = f"philoxenia.vault.create('{WORDS}', ({GRANT})(8)).catch((fault) => fault.kind)"
    assert other.evaluate(again) == "held"
    assert read(device, "outbox") == {"waiting": [NAME]}
    # The second tab gets more time; the first goes on writing.
    assert tried(other, WORDS) == "open"
    other.evaluate(f"philoxenia.vault.renew(({GRANT})(8))")
    until = other.evaluate("philoxenia.vault.state()")["until"]
    device.evaluate("philoxenia.vault.put({ outbox: { waiting: [1, 2] } }, 2)")
    assert other.evaluate("philoxenia.vault.state()")["until"] == until
    # The second tab empties the device; nothing comes back, and telling the city removes no later one.
    other.evaluate("philoxenia.vault.wipe('hand')")
    said = device.evaluate("philoxenia.vault.put({ 'case:1': {} }, 0).catch((fault) => fault.kind)")
    assert said in ("wiped", "locked")
    assert "case:1" not in everything_on_the_disk(device)
    made(device)
    other.evaluate("philoxenia.vault.forget()")
    assert read(device, "outbox") == {"waiting": [NAME]}
    other.close()


def test_copies_that_may_not_stay_go_and_work_stays(device: Page) -> None:
    made(device)
    device.evaluate("philoxenia.vault.put({ 'case:2': {}, 'case:3': {} })")
    device.evaluate("philoxenia.vault.keepOnly(['3'])")
    assert device.evaluate("philoxenia.vault.names('case:')") == ["case:3"]
    device.evaluate("philoxenia.vault.endCopies()")
    assert device.evaluate("philoxenia.vault.state()")["kind"] == "expired"
    assert device.evaluate("philoxenia.vault.names('')") == ["outbox"]
    assert read(device, "outbox") == {"waiting": [NAME]}
