"""What records are linked for, by whom and until when; and tokens that die with the agreement's key.

Owns agreements as files, their keys (a file of its own, readable by its owner alone) and tokens. A token is
HMAC-SHA256 under a key that is derived from the agreement's own words: change the departments, the purpose
or the end and no token is the same. Ignores where results are kept.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from philoxenia.exchange.status import header_term
from philoxenia.linkage.types import LinkageRefusedError
from philoxenia.reference import default_parameters, reference_table

KEY_BYTES = 32
_TOKEN_SIGNS = 24
_OVERWRITES = 3


@dataclass(frozen=True)
class Purpose:
    """An agreement in force: departments, purpose, last day, and its key. The key is never shown."""

    departments: tuple[str, ...]
    purpose: str
    until: date
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_agreement(self.departments, self.purpose, self.until)
        if len(self.key) < KEY_BYTES:
            raise LinkageRefusedError(
                f"The agreement's key is shorter than {KEY_BYTES} bytes. Make a new one."
            )

    def check(self, sources: Iterable[str], today: date) -> None:
        """Raise `LinkageRefusedError` after the end, or for a list of a department that did not agree."""
        if today > self.until:
            raise LinkageRefusedError(
                f"The agreement ended on {self.until.isoformat()}. Nothing can be linked under it any more; "
                "destroy its key, and make a new agreement where the purpose goes on."
            )
        strangers = sorted(set(sources) - set(self.departments))
        if strangers:
            raise LinkageRefusedError(
                f"{', '.join(map(repr, strangers))} is not part of the agreement of "
                f"{', '.join(self.departments)}. Only lists of these departments may be linked under it."
            )

    def token(self, source: str, record: str) -> str:
        """What stands for a record in every result."""
        return self._token("record", source, record)

    def person_token(self, members: Iterable[tuple[str, str]]) -> str:
        """What stands for a person: a token of the records it was found in."""
        return self._token("person", *(part for member in sorted(members) for part in member))

    def _token(self, *parts: str) -> str:
        # Lengths first, so that no two lists of parts are the same bytes.
        said = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self._derived, said, hashlib.sha256).hexdigest()[:_TOKEN_SIGNS]

    @cached_property
    def _derived(self) -> bytes:
        words = "\x1f".join([*sorted(self.departments), "\x1e", self.purpose, self.until.isoformat()])
        return hmac.new(self.key, b"philoxenia linkage 1" + words.encode(), hashlib.sha256).digest()


def check_agreement(departments: Sequence[str], purpose: str, until: date) -> None:
    """Raise `LinkageRefusedError` for an agreement nobody could hold anybody to, or that serves another
    end."""
    if not departments or not all(str(name).strip() for name in departments):
        raise LinkageRefusedError('The agreement names no department. Write departments = ["...", "..."].')
    _check_purpose(purpose)


def _check_purpose(purpose: str) -> None:
    said = " ".join(re.findall(r"\w+", purpose.casefold()))
    status = header_term(purpose)
    if status is not None or _named(said, "harm"):
        found = status[0] if status is not None else _named(said, "harm")
        raise LinkageRefusedError(
            f"The purpose speaks of {found!r}. Records are linked to serve people, never to learn or act on "
            f"anybody's "
            "status, and never for enforcement. Nothing is linked for this."
        )
    vague = _named(said, "vague")
    least = int(default_parameters()["linkage.purpose_words"])
    if vague or len(said.split()) < least:
        raise LinkageRefusedError(
            f"The purpose is vague{f' ({vague!r})' if vague else ''}. Say in at least {least} words who "
            f"will decide "
            "what with the result, such as: plan winter beds and school places for families in shelters."
        )


def _named(said: str, kind: str) -> str:
    terms = reference_table("purpose_terms")
    for term in terms.filter(terms["kind"] == kind)["term"]:
        ending = r"\w*" if kind == "harm" else ""
        if re.search(rf"\b{re.escape(term)}{ending}\b", said):
            return str(term)
    return ""


def read_purpose(agreement: Path, today: date) -> Purpose:
    """The agreement in a TOML file (departments, purpose, until, optional key_file), with its key.

    Raises `LinkageRefusedError` where it ended, is vague, or its key is gone or open to others.
    """
    kept = _agreement(agreement)
    departments, purpose, until = kept
    check_agreement(departments, purpose, until)
    _check_length(agreement, until, today)
    found = Purpose(departments, purpose, until, read_secret(key_path(agreement)))
    found.check((), today)
    return found


def _agreement(path: Path) -> tuple[tuple[str, ...], str, date]:
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise LinkageRefusedError(
            f"The agreement {path.name} cannot be read ({type(problem).__name__})."
        ) from problem
    except tomllib.TOMLDecodeError as problem:
        raise LinkageRefusedError(f"{path.name} is not TOML: {problem}.") from problem
    departments, purpose, until = kept.get("departments"), kept.get("purpose"), kept.get("until")
    if not isinstance(departments, list) or not isinstance(purpose, str) or until is None:
        raise LinkageRefusedError(
            f"{path.name} must hold departments (a list), purpose (a sentence) and until (a day: 2027-06-30)."
        )
    return tuple(map(str, departments)), purpose.strip(), _day(until, path)


def _day(until: object, path: Path) -> date:
    try:
        return date.fromisoformat(str(until)[:10])
    except ValueError as problem:
        raise LinkageRefusedError(f"{path.name}: until is no day. Write it as 2027-06-30.") from problem


def _check_length(path: Path, until: date, today: date) -> None:
    most = int(default_parameters()["linkage.longest_agreement"])
    if (until - today).days > most:
        raise LinkageRefusedError(
            f"{path.name} runs longer than {most} days from today. Agree on an earlier end."
        )


def key_path(agreement: Path) -> Path:
    """Where the agreement's key lies: what it names as key_file, else beside it with the ending .key."""
    named = ""
    with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        named = str(tomllib.loads(agreement.read_text(encoding="utf-8")).get("key_file", ""))
    return agreement.parent / named if named else agreement.with_suffix(".key")


def create_key(agreement: Path) -> Path:
    """Make the agreement's key, readable by its owner alone. Refuses where there is one."""
    _agreement(agreement)
    return create_secret(key_path(agreement))


def create_secret(path: Path) -> Path:
    """32 random bytes in a file only its owner may read. Refuses where there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise LinkageRefusedError(
            f"{path.name} is there already. Choose another name, or destroy it first."
        ) from problem
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path


def read_secret(path: Path) -> bytes:
    """A key from its file. Raises `LinkageRefusedError` where it is gone or others may read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_bytes()
    except FileNotFoundError as problem:
        raise LinkageRefusedError(
            f"The agreement's key {path.name} is not there: it was destroyed or never made. Results made "
            f"with it "
            "cannot be joined again. For a new agreement: philoxenia link --create-key AGREEMENT."
        ) from problem
    except OSError as problem:
        raise LinkageRefusedError(f"The key {path.name} cannot be read ({problem.strerror}).") from problem
    if mode & 0o077:
        raise LinkageRefusedError(
            f"Others may read the key {path.name}. Close it first: chmod 600 {path.name}."
        )
    return key


def destroy_key(agreement: Path) -> Path:
    """Overwrite the agreement's key and remove it; nothing made with it can be joined afterwards."""
    path = key_path(agreement)
    if not path.is_file():
        raise LinkageRefusedError(f"There is no key {path.name}: it was destroyed before, or never made.")
    size = max(path.stat().st_size, KEY_BYTES)
    # In place, not through a new file: the old bytes themselves must go.
    with path.open("r+b", buffering=0) as file:
        for _ in range(_OVERWRITES):
            file.seek(0)
            file.write(secrets.token_bytes(size))
            os.fsync(file.fileno())
    path.unlink()
    return path
