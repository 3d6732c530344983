"""The application's settings, with a database and folder of the tests' own and a fast password hasher."""

import os
from pathlib import Path

from tests.web.template import template

from philoxenia_web.config import postgres

VAR = Path(__file__).resolve().parent.parent.parent / "var" / "tests"
for name in [name for name in os.environ if name.startswith("PHILOXENIA_") and name != "PHILOXENIA_TEST_DB"]:
    os.environ.pop(name)
# Tests make their tables as the owner and go on as the application's role (see conftest.py).
os.environ |= {
    "PHILOXENIA_VAR": str(VAR),
    "PHILOXENIA_AS_OWNER": "1",
    "PHILOXENIA_SECRET_KEY": "for tests alone",
}
os.environ.pop("DATABASE_URL", None)
os.environ.pop("DATABASE_OWNER_URL", None)
postgres.ensure_running(postgres.place_of(VAR))
TEMPLATE = template(postgres.place_of(VAR))

from philoxenia_web.config.settings import *  # noqa: E402, F403 (the folder must be named first)

DATABASES["default"]["TEST"] = {  # noqa: F405
    "NAME": "test_" + os.environ.get("PHILOXENIA_TEST_DB", "philoxenia"),
    "TEMPLATE": TEMPLATE,
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests of signing in turn it on.
SECOND_FACTOR = "nobody"
