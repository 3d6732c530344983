"""Where static files lie: under names with their hash once collected, under their own names before."""

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What every telephone loads is smaller than this; the API's documentation with its maps is not.
LIGHT_BYTES = 2**17
_TIGHTEST, _QUICK = 11, 9


class Storage(CompressedManifestStaticFilesStorage):
    """Does not fail where nothing was collected, as in tests and on a developer's machine."""

    def stored_name(self, name: str) -> Any:
        """The hashed name where there is one."""
        return self.hashed_files.get(self.hash_key(self.clean_name(name)), name)

    def create_compressor(self, **options: Any) -> Compressor:
        """Ours: the tightest packing of large files would take most of a first start."""
        return Packer(**options)


class Packer(Compressor):  # type: ignore[misc]
    """Packs light files as tightly as can be and heavy ones fifteen times as fast, a tenth larger."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """A file's bytes, packed."""
        return bytes(brotli.compress(data, quality=_TIGHTEST if len(data) < LIGHT_BYTES else _QUICK))
