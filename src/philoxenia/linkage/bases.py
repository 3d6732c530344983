"""What may be compared: people with all that linkage knows, or plainly; looked up by the name a model
carries."""

from philoxenia.linkage.plain_people import PLAIN
from philoxenia.linkage.types import Basis, LinkageError

BASES: dict[str, Basis] = {PLAIN.name: PLAIN}


def basis_named(name: str) -> Basis:
    """The basis a model was trained on. Raises `LinkageError` for one this version does not know."""
    if name not in BASES:
        raise LinkageError(f"Records cannot be compared on {name!r}. Known: {', '.join(sorted(BASES))}.")
    return BASES[name]
