"""A city card checked on a phone without a network; our own arithmetic held against the standard."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from playwright.sync_api import BrowserContext, Page, expect
from tests.journeys.axe import _axe
from tests.journeys.browser import Look, overflow, visit
from tests.journeys.demonstration import JOURNEY, PATIENCE_MS, ROOT, Demonstration

pytestmark = JOURNEY
SCRIPTS = ROOT / "src" / "philoxenia_web" / "cards" / "static" / "cards"
# RFC 8032, 7.1: secret key, message, signature, of tests 1 to 3 and SHA(abc).
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]  # fmt: skip
ORDER = 2**252 + 27742317777372353535851937790883648493
CASES = """(cases) => {
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (two) => parseInt(two, 16));
  return cases.map(([s, m, k]) => philoxenia.ed25519.verify(bytes(s), bytes(m), bytes(k)));
}"""
# The code of a card that was handed over, as the application itself makes it.
PRINTED = """
from philoxenia.cards.payload import written
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.cards.face import face_of
from philoxenia_web.cards.issuing import token_of
from philoxenia_web.cards.models import Card
from philoxenia_web.registry.people.records import open_record
from philoxenia_web.registry.people.visits import visiting
with visiting(SYSTEM):
    for state in ("active", "withdrawn"):
        card = Card.objects.filter(state=state).first()
        name = face_of(open_record(SYSTEM, card.resident_id, "quality"), False).main
        print("token", written(token_of(card, name)), name, sep="|")
"""


@pytest.fixture
def blank(demo: Demonstration) -> Iterator[Page]:
    """An empty page with the scripts of the check."""
    context = demo.started.new_context()
    page = context.new_page()
    for name in ("ed25519", "code"):
        page.add_script_tag(content=(SCRIPTS / f"{name}.js").read_text(encoding="utf-8"))
    yield page
    context.close()


@pytest.fixture(scope="module")
def tokens(demo: Demonstration) -> list[list[str]]:
    """Code and name of a good card, then of a withdrawn one."""
    told = os.environ | {
        "PHILOXENIA_VAR": str(demo.var),
        "PHILOXENIA_DEMO": "1",
        "PHILOXENIA_URL": demo.base,
        # Pytest's own settings are for a database of tests.
        "DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings",
    }
    command = [str(Path(sys.executable).with_name("philoxenia")), "web", "shell", "-c", PRINTED]
    ran = subprocess.run(command, env=told, capture_output=True, text=True, check=True, cwd=ROOT)
    return [line.split("|")[1:] for line in ran.stdout.splitlines() if line.startswith("token|")]


def verdict(signature: bytes, message: bytes, key: bytes) -> bool:
    """What OpenSSL says."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def spoiled(number: int, signature: bytes, key: bytes) -> tuple[bytes, bytes]:
    """Signatures and keys that are wrong in the ways that matter."""
    s = int.from_bytes(signature[32:], "little")
    ways: list[tuple[bytes, bytes]] = [
        (signature, key),
        (bytes([signature[0] ^ 1]) + signature[1:], key),
        (signature[:32] + (s + ORDER).to_bytes(32, "little"), key),
        (signature, bytes([key[0] ^ 4]) + key[1:]),
        (signature, b"\xff" * 32),
        (signature[:40] + bytes([signature[40] ^ 128]) + signature[41:], key),
    ]
    return ways[number % len(ways)]


def test_our_whole_numbers_say_what_the_standard_and_openssl_say(blank: Page) -> None:
    cases, expected = [], []
    for secret, message, signature in RFC_8032:
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw()
        cases.append([signature, message, key.hex()])
        expected.append(True)
    for number in range(120):
        private = Ed25519PrivateKey.generate()
        message = os.urandom(number)
        s, k = spoiled(number, private.sign(message), private.public_key().public_bytes_raw())
        cases.append([s.hex(), message.hex(), k.hex()])
        expected.append(verdict(s, message, k))
    assert blank.evaluate(CASES, cases) == expected
    assert expected.count(True) >= 24 and expected.count(False) >= 80


def phone(demo: Demonstration, language: str) -> BrowserContext:
    context = demo.started.new_context(
        base_url=demo.base, viewport={"width": 360, "height": 740}, locale=language, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def looked_at(page: Page, token: str) -> None:
    """As the phone's camera opens it."""
    page.goto("about:blank")
    page.goto(f"/card/#{token}")
    expect(page.locator("#answer")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_partner_checks_without_a_network(
    demo: Demonstration, tokens: list[list[Any]], language: str
) -> None:
    (good, name), (gone, _) = tokens
    context = phone(demo, language)
    page = context.new_page()
    page.goto("/card/")
    # Said once keys and lists are kept.
    said = page.evaluate("JSON.parse(document.getElementById('sentences').textContent).kept")
    expect(page.locator("#kept")).to_have_text(said)
    assert context.cookies() == []
    context.set_offline(True)
    looked_at(page, good)
    expect(page.locator("#answer.good")).to_be_visible()
    assert page.url.endswith("/card/"), "the code does not stay in the address"
    assert page.evaluate("philoxenia.took") < 2000
    # Whoever hears the page or has no mouse stands at the answer, and it has a name.
    assert page.evaluate("document.activeElement.getAttribute('aria-labelledby')") == "answer-title"
    page.fill("#name", str(name).upper())
    page.press("#name", "Enter")
    expect(page.locator("#name-said.safe")).to_be_visible()
    page.fill("#name", "somebody else")
    page.press("#name", "Enter")
    expect(page.locator("#name-said.said")).to_be_visible()
    looked_at(page, gone)
    expect(page.locator("#answer.withdrawn")).to_be_visible()
    other = "B" if good[30] == "A" else "A"
    looked_at(page, good[:30] + other + good[31:])
    expect(page.locator("#answer.forged")).to_be_visible()
    page.clock.set_fixed_time("2024-01-31")
    looked_at(page, good)
    # By a clock that is behind, no card is good, and none is too early.
    expect(page.locator("#answer.unsure")).to_be_visible()
    looked_at(page, "not-a-card")
    expect(page.locator("#answer.slip")).to_be_visible()
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert overflow(page) == 0
    assert _axe(page) == []
    context.close()


@pytest.mark.parametrize("look", [Look("en", 1280), Look("ar", 360)], ids=lambda one: one.name)
def test_the_desk_sees_what_waits(demo: Demonstration, look: Look) -> None:
    with demo.window("caseworker", look) as page:
        assert visit(page, "/front/cards/") == []
        assert overflow(page) == 0 and _axe(page) == []
        page.locator(".card-lines a").first.click()
        expect(page.locator(".face-card")).to_be_visible()
        assert overflow(page) == 0 and _axe(page) == []
