"""Where static files lie: under names with their hash once collected, under their own names before."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Does not fail where nothing was collected, as in tests and on a developer's machine."""

    def stored_name(self, name: str) -> Any:
        """The hashed name where there is one."""
        return self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
