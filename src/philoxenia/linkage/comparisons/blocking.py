"""On what two records must agree to be compared at all: keys that variant spellings and slips leave alone.

Each rule is a tuple of prepared columns; together they reach a pair by an identifier, a contact, or name with
date in whatever spelling and order. A value that very many share is left to the caller's cap.
"""

from collections.abc import Sequence

BLOCKS: tuple[tuple[str, ...], ...] = (
    ("id_health_key",),
    ("id_city_card_key",),
    ("id_social_key",),
    ("id_school_key",),
    ("email_key",),
    ("phone_key", "given_loose"),
    ("phone_key", "family_loose"),
    ("phone_key", "birth_year"),
    ("birth_number", "given_loose"),
    ("birth_number", "family_loose"),
    ("birth_number", "name_pair"),
    ("birth_number", "house_key"),
    ("birth_number", "postal_key"),
    ("name_pair", "birth_year"),
    ("name_pair", "birth_month", "birth_day"),
    ("rare_name_pair",),
    ("postal_key", "house_key", "given_loose"),
    ("postal_key", "house_key", "family_loose"),
    ("postal_key", "house_key", "name_low"),
    ("postal_key", "name_pair_key"),
    ("address_key", "given_loose"),
    ("address_key", "family_loose"),
)
# Training needs blocks that leave other comparisons free: names once, dates once, an identifier or contact.
TRAINING: tuple[tuple[str, ...], ...] = (
    ("birth_number",),
    ("name_pair_key",),
)


def blocking_rules(columns: Sequence[str] = ()) -> list[str]:
    """The rules as SQL over `l` and `r`, those whose columns there are (all where `columns` is empty)."""
    usable = [rule for rule in BLOCKS if not columns or set(rule) <= set(columns)]
    return [" AND ".join(f"l.{name} = r.{name}" for name in rule) for rule in usable]
