"""Step-by-step guides of a city: content with versions, sources and translations, read and checked.

Owns what a guide may hold; ignores how it is shown.
"""

from philoxenia.directory.guides.problems import GuideError
from philoxenia.directory.guides.reading import Guides, check_guides, read_guides
from philoxenia.directory.guides.translations import debt, shown
from philoxenia.directory.guides.types import Guide, Source, Text, Translation

__all__ = [
    "Guide",
    "GuideError",
    "Guides",
    "Source",
    "Text",
    "Translation",
    "check_guides",
    "debt",
    "read_guides",
    "shown",
]
