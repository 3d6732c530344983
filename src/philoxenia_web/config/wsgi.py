"""The application for a WSGI server."""

import gc
import os
import signal

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from philoxenia_web.config.environment import environment
from philoxenia_web.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
if environment().supervised:
    # A worker whose server was killed would keep the port and answer with old code.
    die_with_parent(signal.SIGKILL)
application = get_wsgi_application()
# Views and what they need are loaded now, before the first visitor waits for them.
get_resolver().url_patterns  # noqa: B018 (asking loads them)
# What is loaded stays: a collection that walked through it would hold up everybody for 100 ms.
gc.collect()
gc.freeze()
