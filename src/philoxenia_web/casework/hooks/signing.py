"""Messages signed as Standard Webhooks (standardwebhooks.com, version 1): HMAC-SHA-256 of id, time, body.

Secrets are never kept: each follows from a root in the folder of keys, outside database and backup, the
hook's id and its generation.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings

from philoxenia.lake.files import claim
from philoxenia_web.registry.sealing import derived

_ROOT, _ROOT_BYTES = "hooks", 32
PREFIX = "whsec_"


def secret_of(hook_id: UUID, generation: int) -> bytes:
    """The secret of a hook, 32 bytes."""
    return derived(_root(), f"philoxenia hook {hook_id} {generation}")


def written(secret: bytes) -> str:
    """A secret as the libraries of Standard Webhooks take it."""
    return PREFIX + base64.b64encode(secret).decode()


def message_id(delivery_id: UUID) -> str:
    """The same at each attempt, so that who gets it twice knows."""
    return f"msg_{delivery_id.hex}"


def signed(secrets: Iterable[bytes], message: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The three headers; a signature for each secret in force, so that one can be changed without loss."""
    content = f"{message}.{timestamp}.".encode() + body
    marks = (base64.b64encode(hmac.digest(one, content, hashlib.sha256)).decode() for one in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }


def _root() -> bytes:
    folder: Path = settings.ENVIRONMENT.keys
    path = folder / _ROOT
    if not path.is_file():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Two processes may begin at once: the first one's root stays, whole.
        claim(path, os.urandom(_ROOT_BYTES))
        path.chmod(0o600)
    return path.read_bytes()
