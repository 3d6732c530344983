"""What people are asked to agree to, with the notice they are read first; rows of `consent_purposes`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext

from philoxenia.reference import Parameters, default_parameters, reference_table
from philoxenia_web.registry.refusals import NotPossible


@dataclass(frozen=True)
class Purpose:
    """One purpose. Texts are English; `said` gives them in the reader's language."""

    code: str
    words: str
    notice: str
    notice_version: str
    asked: bool
    basis: str
    dpv_purpose: str
    dpv_basis: str
    personal_data: tuple[str, ...]
    recipients: str
    renew_months: int
    without: str

    def mark(self, language: str) -> str:
        """The SHA-256 of the notice as it is read in a language."""
        with translation.override(language):
            return hashlib.sha256(gettext(self.notice).encode()).hexdigest()


@cache
def purposes() -> Mapping[str, Purpose]:
    """Every purpose by its code, in the order of the table."""
    return {row["code"]: _purpose(row) for row in reference_table("casework/consent_purposes").to_dicts()}


def purpose(code: str) -> Purpose:
    """The purpose of a code. Raises `NotPossible` where there is none."""
    if code not in purposes():
        raise NotPossible(gettext("There is no such purpose."))
    return purposes()[code]


@cache
def parameters() -> Parameters:
    """Days, months and ages of this part."""
    return default_parameters().of_topics("casework")


def number(name: str) -> int:
    """One of them as a whole number: `answer_days`, `slip_tries` ..."""
    return int(parameters()[f"casework.rights_{name}"])


def _purpose(row: Mapping[str, str]) -> Purpose:
    return Purpose(
        code=row["code"],
        words=row["words"],
        notice=row["notice"],
        notice_version=row["notice_version"],
        asked=row["asked"] == "yes",
        basis=row["basis"],
        dpv_purpose=row["dpv_purpose"],
        dpv_basis=row["dpv_basis"],
        personal_data=tuple(row["personal_data"].split()),
        recipients=row["recipients"],
        renew_months=int(row["renew_months"]),
        without=row["without"],
    )
