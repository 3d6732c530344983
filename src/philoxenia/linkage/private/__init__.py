"""Linking without names: departments encode under a shared key, the linker compares bits."""

from philoxenia.linkage.private.encoding import Encoded, Hardening, encode
from philoxenia.linkage.private.files import read_encoded, write_encoded
from philoxenia.linkage.private.linking import PrivatelyLinked, link_encoded

__all__ = [
    "Encoded",
    "Hardening",
    "PrivatelyLinked",
    "encode",
    "link_encoded",
    "read_encoded",
    "write_encoded",
]
