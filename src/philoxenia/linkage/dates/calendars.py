"""Days of other calendars as day numbers: 1 is 1 January of the year 1, proleptic Gregorian.

Arithmetic calendars only: a moon seen a day early, or Umm al-Qura, lies a day off. All after Reingold and
Dershowitz, Calendrical Calculations (2018), and equal to Python's `date.toordinal` for Gregorian days.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

_HIJRI_EPOCH = 227015
_ETHIOPIAN_EPOCH = 2796
_PERSIAN_EPOCH = 226895
_LONG_MONTHS = 6


def gregorian_number(year: int, month: int, day: int) -> int | None:
    """Day number of a Gregorian day, None where there is no such day."""
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def hijri_number(year: int, month: int, day: int) -> int | None:
    """Tabular Hijri calendar, civil epoch, leap years 2 5 7 10 13 16 18 21 24 26 29 of thirty."""
    leap = (14 + 11 * year) % 30 < 11
    length = 30 if month % 2 or (month == 12 and leap) else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        return None
    return _HIJRI_EPOCH - 1 + (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day


def persian_number(year: int, month: int, day: int) -> int | None:
    """Solar Hijri calendar by the 33-year cycle, the observed one from 1178 to 1633 (Borkowski 1996)."""
    leap = (8 * year + 21) % 33 >= 25
    length = 31 if month <= _LONG_MONTHS else 30 if month < 12 or leap else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        return None
    months = 31 * (month - 1) if month <= _LONG_MONTHS + 1 else 30 * (month - 1) + _LONG_MONTHS
    return _PERSIAN_EPOCH - 1 + 365 * (year - 1) + (8 * year + 21) // 33 + months + day


def ethiopian_number(year: int, month: int, day: int) -> int | None:
    """Ethiopian calendar, era of the incarnation: twelve months of 30 days and one of 5 or 6."""
    length = 30 if month < 13 else 6 if year % 4 == 3 else 5
    if not (1 <= month <= 13 and 1 <= day <= length):
        return None
    return _ETHIOPIAN_EPOCH - 1 + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day


def julian_number(year: int, month: int, day: int) -> int | None:
    """Julian calendar: thirteen days behind the Gregorian one from 1900 to 2099."""
    leap = year % 4 == 0
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not (1 <= month <= 12 and 1 <= day <= lengths[month - 1]):
        return None
    before = sum(lengths[: month - 1])
    return -2 + 365 * (year - 1) + (year - 1) // 4 + before + day


NUMBERS: Mapping[str, Callable[[int, int, int], int | None]] = MappingProxyType(
    {
        "gregorian": gregorian_number,
        "persian": persian_number,
        "hijri": hijri_number,
        "ethiopian": ethiopian_number,
        "julian": julian_number,
    }
)
