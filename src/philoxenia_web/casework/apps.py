"""Starting the casework app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

# Each part says in its `shell.register` what the rail, the record page and the trail show of it.
PARTS = ("desk", "protection", "referrals", "appointments", "queue", "offline", "office", "hooks")


class CaseworkConfig(AppConfig):
    """The front door."""

    name = "philoxenia_web.casework"

    def ready(self) -> None:
        """Let each part register itself."""
        for part in PARTS:
            if find_spec(f"{self.name}.{part}.shell") is not None:
                import_module(f"{self.name}.{part}.shell").register()
