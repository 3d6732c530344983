"""Numbers and lists as people type them, and back into a field as they were."""

from math import isfinite

_DIGITS = {ord(sign): str(place) for place, sign in enumerate("٠١٢٣٤٥٦٧٨٩")}
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’"))
_LONGEST = 40
_THOUSAND_DIGITS = 3


def number_of(text: str) -> float | None:
    """A number as people write it, or None: a comma stands for the point where it can mean nothing else."""
    plain = text.strip().replace("\u2212", "-").replace("٫", ".").replace("٬", ",").translate(_DIGITS)
    plain = plain.translate(_SPACES)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        return float(plain) if len(plain) <= _LONGEST and "_" not in plain else None
    except ValueError:
        return None


def amount_of(text: str) -> float | None:
    """A sum of money as people write it, or None: 1,200,000 and 12,000 have commas between thousands."""
    parts = text.strip().lstrip("-\u2212").split(",")
    if len(parts) > 1 and parts[0] and all(len(part) == _THOUSAND_DIGITS for part in parts[1:]):
        text = text.replace(",", "")
    read = number_of(text)
    return read if read is not None and isfinite(read) else None


def typed(value: object) -> str:
    """A number or text as it stands in a field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)
