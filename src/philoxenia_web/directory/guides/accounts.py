"""The account finder: bank accounts by fee and balance, the cheapest first. What is not known comes last."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from philoxenia.directory.guides import Guide, Source, Text


@dataclass(frozen=True)
class ShownAccount:
    """One row of the table. None: not known to us."""

    institution: Text
    name: Text
    monthly_fee: float | None
    minimum_balance: float | None
    transactions: Text | None
    terms: Text | None
    accepted: Text | None
    languages: Text | None
    status: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Wish:
    """What a visitor wants of an account: no fee, no balance to keep."""

    free: bool = False
    no_balance: bool = False

    @classmethod
    def read(cls, asked: QueryDict) -> "Wish":
        """From the address; anything else is no wish."""
        return cls(asked.get("fee") == "0", asked.get("balance") == "0")


def accounts_of(guide: Guide, texts: Mapping[str, Text], wish: Wish) -> list[ShownAccount]:
    """Accounts that fit. One whose fee or balance is not known does not fit a wish about it."""
    found = [
        ShownAccount(
            institution=texts.get(f"{one.id}.institution")
            or Text(one.institution, guide.language, "original"),
            name=texts.get(f"{one.id}.name") or Text(one.name, guide.language, "original"),
            monthly_fee=one.monthly_fee,
            minimum_balance=one.minimum_balance,
            transactions=texts.get(f"{one.id}.transactions"),
            terms=texts.get(f"{one.id}.terms"),
            accepted=texts.get(f"{one.id}.accepted"),
            languages=texts.get(f"{one.id}.languages"),
            status=one.status,
            sources=one.sources,
        )
        for one in guide.accounts
        if (not wish.free or one.monthly_fee == 0) and (not wish.no_balance or one.minimum_balance == 0)
    ]
    return sorted(found, key=lambda one: (one.monthly_fee is None, one.monthly_fee or 0))
