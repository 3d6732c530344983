"""A resident's number: nine random digits and a check digit, shown as 123-456-789-0.

Any single wrong digit and any two neighbours exchanged are noticed (Damm 2004, his quasigroup of order 10).
"""

import re
import secrets

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_SPACES = re.compile(r"[\s.‐‑–—-]+")


def new_number() -> str:
    """Ten digits that nobody can guess from another's."""
    digits = f"{secrets.randbelow(10**9):09d}"
    return digits + str(_checked(digits))


def shown(number: str) -> str:
    """As people read it: 123-456-789-0."""
    return "-".join((number[:3], number[3:6], number[6:9], number[9:])) if number else ""


def read_number(text: str) -> str:
    """Ten digits in any script and grouping; '' where it is no number or a digit is wrong."""
    bare = _SPACES.sub("", text)
    if len(bare) != 10 or not bare.isdecimal():
        return ""
    digits = "".join(str(int(sign)) for sign in bare)
    return digits if _checked(digits) == 0 else ""


def _checked(digits: str) -> int:
    state = 0
    for sign in digits:
        state = _DAMM[state][int(sign)]
    return state
