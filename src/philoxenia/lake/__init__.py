"""Where accepted tables live: Parquet with provenance, every version kept, and SQL over them.

Does not judge data (that is `exchange`) and does not know what tables mean.
"""

from philoxenia.lake.content import content_hash
from philoxenia.lake.store import Lake
from philoxenia.lake.types import DamagedTableError, LakeError, Provenance, Version

__all__ = ["DamagedTableError", "Lake", "LakeError", "Provenance", "Version", "content_hash"]
