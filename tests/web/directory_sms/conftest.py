"""A small directory to ask by text message, and the shared secret of a provider."""

from typing import Any

import pytest
from django.core.cache import cache
from tests.web.directory.conftest import records  # noqa: F401 (the same small directory)

SECRET = "a secret between provider and city"  # noqa: S105 (for tests)


@pytest.fixture
def provider(settings: Any) -> str:
    """The webhook is on; nothing was sent yet."""
    settings.SMS_SECRET = SECRET
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    return SECRET
