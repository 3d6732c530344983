"""From an invitation to an account that needs more than a password: an app's codes, then a passkey."""

import base64
import hashlib
import hmac
import re
import struct
import time
import uuid
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.demonstration import JOURNEY, Demonstration
from tests.journeys.screens import show
from tests.journeys.served import until

pytestmark = JOURNEY
PASSWORD = "seventeen quiet lanterns"  # noqa: S105, of people who last as long as the test
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code(secret: str, ahead: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), now or some half minutes later."""
    step = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), step, hashlib.sha1).digest()
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def invitation(outbox: Path, email: str) -> str:
    """The path of the link that was sent to this address."""
    found: list[str] = []

    def came() -> list[str]:
        for path in outbox.glob("*.log"):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = message.get_body() if message["To"] == email else None
            if body is not None:
                found.extend(re.findall(r"https?://[^/\s]+(/invitation/\S+)", body.get_content()))
        return found

    until(came)
    return found[0]


def invite(demo: Demonstration, email: str) -> str:
    """As the administrator."""
    with demo.window("administrator") as page:
        page.goto("/people/invite/")
        page.fill("[name=email]", email)
        page.select_option("[name=organisation]", label="Demo department")
        page.check("[name=roles][value=caseworker]")
        page.click("button:has-text('Send the invitation')")
        expect(page.locator(".messages")).to_be_visible()
    return invitation(demo.var / "outbox", email)


def sign_out(page: Page) -> None:
    """By the person's menu."""
    page.click(".menu-short > summary")
    page.click("button:has-text('Sign out')")
    page.goto("/account/login/")
    expect(page.locator("h1")).to_have_text("Sign in")


def sign_in(page: Page, email: str) -> None:
    """With the password, up to the second step."""
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form >> nth=0 >> button:has-text('Sign in')")
    expect(page.locator("h1")).to_have_text("Second step")


def confirm(page: Page) -> None:
    """The password once more, where it is asked for before something sensitive."""
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click("button:has-text('Confirm')")


def set_up_an_app(page: Page) -> str:
    """Its secret."""
    page.goto("/account/2fa/")
    page.click("a:has-text('Set up an app')")
    confirm(page)
    secret = page.locator(".secret").text_content() or ""
    show(page, "authenticator-app")
    page.fill("[name=code]", code(secret))
    page.click("button:has-text('Set up')")
    expect(page.locator("ul.codes li").first).to_be_visible()
    return secret


def test_an_invited_person_signs_in_with_an_app_and_then_with_a_passkey(demo: Demonstration) -> None:
    email = f"test-person-{uuid.uuid4().hex[:8]}@example.org"
    link = invite(demo, email)
    with demo.window() as page:
        page.goto(link)
        page.fill("[name=name]", "Test Person")
        page.fill("[name=password]", PASSWORD)
        page.click("button:has-text('Open my account')")
        page.wait_for_url(demo.base + "/")

        secret = set_up_an_app(page)
        sign_out(page)
        sign_in(page, email)
        page.fill("[name=code]", "000000")
        page.click("main form >> nth=0 >> button:has-text('Sign in')")
        expect(page.locator(".errors, .field-errors, [role=alert]").first).to_be_visible()
        # A code opens once: the next one, which the tolerance takes already.
        page.fill("[name=code]", code(secret, 1))
        page.click("main form >> nth=0 >> button:has-text('Sign in')")
        page.wait_for_url(demo.base + "/")

        add_a_passkey(page)
        sign_out(page)
        page.click("button:has-text('Sign in with a passkey')")
        page.wait_for_url(demo.base + "/")
        expect(page.locator(".menu-short")).to_contain_text("Test Person")
    with demo.window() as page:
        answer = page.goto(link)
        assert answer is not None and answer.status == 410


def add_a_passkey(page: Page) -> None:
    """Of a device that Chromium pretends to have."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/account/2fa/webauthn/add/")
    confirm(page)
    page.fill("[name=name]", "A telephone")
    page.check("[name=passwordless]")
    page.click("button:has-text('Add the passkey')")
    expect(page.locator("main")).to_contain_text("You have 1 passkey.")
