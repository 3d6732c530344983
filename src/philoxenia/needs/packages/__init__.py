"""Which programmes together reach most people: greedy with its bounds, and the exact answer where small."""

from philoxenia.needs.packages.choosing import packages
from philoxenia.needs.packages.types import Package, Programme

__all__ = ["Package", "Programme", "packages"]
