"""What may be compared, looked up by the name a model carries."""

from philoxenia.linkage.comparisons import BLOCKS, IDENTIFIERS, TRAINING, comparisons, prepared
from philoxenia.linkage.plain_people import PLAIN
from philoxenia.linkage.types import Basis, LinkageError

_HOMES = (("address_key",), ("phone_key",))
# Blocks of training leave other comparisons free: an identifier or address of mail, a date, a pair of names.
_TRAINING = (*((f"{name}_key",) for name in IDENTIFIERS), ("email_key",), *TRAINING)
PEOPLE = Basis(
    name="people",
    prepared=prepared,
    comparisons=comparisons,
    blocks=BLOCKS,
    training=_TRAINING,
    homes=_HOMES,
    tells_apart=("given_name", "birth_date"),
    decides={"name_pair_key": ("given_name", "family_name")},
)
BASES: dict[str, Basis] = {basis.name: basis for basis in (PEOPLE, PLAIN)}


def basis_named(name: str) -> Basis:
    """The basis a model was trained on. Raises `LinkageError` for one this version does not know."""
    if name not in BASES:
        raise LinkageError(f"Records cannot be compared on {name!r}. Known: {', '.join(sorted(BASES))}.")
    return BASES[name]
