"""Answers a question from the index; where there is none, plainly from the database."""

import logging

from philoxenia_web.directory.search import plain
from philoxenia_web.directory.search.near import read_near
from philoxenia_web.directory.search.types import Found, Query
from philoxenia_web.ui.late import Late

_indexed = Late("philoxenia_web.directory.search.indexed")
_LOG = logging.getLogger(__name__)


def find(query: Query) -> Found:
    """The services a question asks for. Never raises for what a person may type, nor for want of an index."""
    near = read_near(query.near) if query.near.strip() else None
    try:
        found: Found = _indexed.find(query, near)
    except _indexed.UNREADABLE as fault:
        _LOG.warning("The search index cannot be used (%s); the database is searched plainly.", fault)
        found = plain.find(query, near)
    return found
