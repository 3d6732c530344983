"""Jobs of the worker for casework: each part declares its own in `jobs`."""

from importlib import import_module
from importlib.util import find_spec

from philoxenia_web.casework.apps import PARTS

for _part in PARTS:
    if find_spec(f"philoxenia_web.casework.{_part}.jobs") is not None:
        import_module(f"philoxenia_web.casework.{_part}.jobs")
