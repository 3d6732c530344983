"""The application's settings, with a database and folder of the tests' own and a fast password hasher."""

import os
from pathlib import Path

os.environ["PHILOXENIA_VAR"] = str(Path(__file__).resolve().parent.parent.parent / "var" / "tests")
os.environ.pop("PHILOXENIA_DEMO", None)

from philoxenia_web.config.settings import *  # noqa: F403 (the folder must be named first)

DATABASES["default"]["TEST"] = {"NAME": "test_" + os.environ.get("PHILOXENIA_TEST_DB", "philoxenia")}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
