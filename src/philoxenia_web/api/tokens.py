"""What a token looks like. 256 random bits, so a plain SHA-256 of it cannot be turned back."""

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass

# Tools that search for leaked secrets find this shape; the last letters are a checksum.
SHAPE = re.compile(r"phx_[A-Za-z0-9_-]{43}_[0-9a-f]{8}")
PREFIX_LENGTH = 10


@dataclass(frozen=True)
class Secret:
    """A new token: shown once, never stored."""

    text: str

    @property
    def prefix(self) -> str:
        """The letters by which its owner recognises it."""
        return self.text[:PREFIX_LENGTH]


def new_secret() -> Secret:
    """A token nobody has had before."""
    body = secrets.token_urlsafe(32)
    return Secret(f"phx_{body}_{_checksum(body)}")


def digest_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether this could be a token, before the database is asked."""
    if not SHAPE.fullmatch(text):
        return False
    body, checksum = text[4:47], text[48:]
    return secrets.compare_digest(_checksum(body), checksum)


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
