"""What keeps a change of an agreement from being made, as sentences a page can show."""

from philoxenia_web.registry.refusals import Conflict, Damaged, KeyGone, NotPossible

__all__ = ["Conflict", "Damaged", "KeyGone", "NotPossible"]
