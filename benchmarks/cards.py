"""City cards at the size of a city: 1,030,000 issued (signed), checked, withdrawn, their lists published.

Beside a peer: PyJWT with EdDSA, the usual way to sign such a thing. Needs no database: what is measured is
the engine and the signing. The check in a browser is measured with --browser.

Usage: python benchmarks/cards.py [--cards 1030000] [--browser]
"""

import argparse
import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from philoxenia.cards.payload import TOKEN_BYTES, Claims, name_check, taken_apart, to_sign, written
from philoxenia.cards.status_list import credential, is_withdrawn, packed, unpacked

BITS = 2**20
SCRIPTS = Path(__file__).parents[1] / "src" / "philoxenia_web" / "cards" / "static" / "cards"
FIRST, LAST = date(2026, 11, 22), date(2031, 11, 21)


def timed(words: str, count: int, act: Callable[[], object]) -> object:
    """Run and say how long each took."""
    began = time.perf_counter()
    made = act()
    seconds = time.perf_counter() - began
    print(f"{words:<46}{seconds:9.1f} s {seconds / count * 1e6:11.1f} us each")
    return made


def issue(private: Ed25519PrivateKey, kid: bytes, places: np.ndarray) -> list[bytes]:
    """A signed code for each place."""
    made = []
    for place in places.tolist():
        body = Claims(kid, place, FIRST, LAST, name_check("Amal Haddad", place)).body()
        made.append(body + private.sign(to_sign(body)))
    return made


def check(public: Ed25519PublicKey, tokens: list[bytes], lists: list[bytes]) -> int:
    """How many are good; every signature is checked and every place looked at."""
    good = 0
    for token in tokens:
        claims, body, signature = taken_apart(token)
        public.verify(signature, to_sign(body))
        good += not is_withdrawn(lists[claims.index // BITS], claims.index % BITS)
    return good


def publish(withdrawn: np.ndarray, private: Ed25519PrivateKey, count: int) -> list[bytes]:
    """Every list packed, signed and read again."""
    now = datetime.now(UTC)
    read = []
    for number in range(count):
        own = withdrawn[withdrawn // BITS == number] % BITS
        encoded = packed(own.tolist(), BITS)
        told = credential("https://city.example/card/lists/0/", "x", encoded, now, now + timedelta(hours=24))
        text = json.dumps(told).encode()
        private.sign(text)
        print(f"  list {number}: {len(own):,} of {BITS:,} withdrawn, {len(text) / 1e3:,.0f} kB to fetch")
        read.append(unpacked(encoded))
    return read


def peer(private: Ed25519PrivateKey, count: int) -> None:
    """PyJWT with the same claims."""
    import jwt

    claims = {"i": 1, "nbf": FIRST.isoformat(), "end": LAST.isoformat(), "n": "abcd"}
    head = {"kid": "abcd1234"}
    texts = timed(
        f"PyJWT: sign {count:,}", count,
        lambda: [jwt.encode(claims | {"i": at}, private, "EdDSA", head) for at in range(count)],
    )  # fmt: skip
    public = private.public_key()
    options = {"verify_nbf": False}
    timed(
        f"PyJWT: verify {count:,}", count,
        lambda: [jwt.decode(one, public, algorithms=["EdDSA"], options=options) for one in texts],
    )  # fmt: skip
    print(f"  a code has {len(texts[0])} letters (ours: {len(written(bytes(TOKEN_BYTES)))})")


def in_a_browser(tokens: list[bytes], public: bytes) -> None:
    """Our own whole-number check and the browser's, each card by itself, in Chromium."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        page = started.new_page()
        for name in ("ed25519", "code"):
            page.add_script_tag(content=(SCRIPTS / f"{name}.js").read_text(encoding="utf-8"))
        told = page.evaluate(
            """([texts, key]) => {
              const { code, ed25519 } = philoxenia;
              const raw = code.base64url(key);
              const took = [];
              const context = new TextEncoder().encode("philoxenia city card 1\\0");
              let good = 0;
              for (const text of texts) {
                const began = performance.now();
                const card = code.claims(code.read(text));
                const message = ed25519.joined(context, card.body);
                good += ed25519.verify(card.signature, message, raw) ? 1 : 0;
                took.push(performance.now() - began);
              }
              return [good, took];
            }""",
            [[written(one) for one in tokens], base64.urlsafe_b64encode(public).rstrip(b"=").decode()],
        )
        started.close()
    good, took = told
    print(
        f"In Chromium, whole numbers alone: {good} of {len(tokens)} good; first {took[0]:.1f} ms, "
        f"median {np.median(took):.1f} ms, 99th of a hundred {np.percentile(took, 99):.1f} ms"
    )


def main() -> None:
    """Issue, publish, check, and the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=1_030_000)
    parser.add_argument("--peer", type=int, default=100_000)
    parser.add_argument("--browser", action="store_true")
    asked = parser.parse_args()
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    kid = hashlib.sha256(public.public_bytes_raw()).digest()[:4]
    lists = -(-asked.cards // int(BITS * 0.7))
    generator = np.random.default_rng(secrets.randbits(64))
    places = generator.permutation(lists * BITS)[: asked.cards]
    tokens = timed(f"issue (sign) {asked.cards:,}", asked.cards, lambda: issue(private, kid, places))
    gone = places[: asked.cards // 50]
    read = timed(
        f"publish {len(gone):,} withdrawn in {lists} lists", lists, lambda: publish(gone, private, lists)
    )
    good = timed(f"check {asked.cards:,}", asked.cards, lambda: check(public, tokens, read))
    assert good == asked.cards - len(gone), "every withdrawn card, and no other, is found"
    peer(private, asked.peer)
    if asked.browser:
        in_a_browser(tokens[:300], public.public_bytes_raw())


if __name__ == "__main__":
    main()
