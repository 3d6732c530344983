"""The slow, obvious version of the calendars: count days one year and one month after the other.

Each begins at a day published for both calendars, not at an epoch worked out by formula.
"""

from datetime import date

# Calendar: the first of a year there, and the same day in the Gregorian calendar.
ANCHORS = {
    "hijri": (1318, date(1900, 5, 1)),
    "persian": (1279, date(1900, 3, 21)),
    "ethiopian": (1893, date(1900, 9, 11)),
    "julian": (1900, date(1900, 1, 13)),
}
_HIJRI_LEAPS = {2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29}
# Leap years as Iran observed and announced them from 1279 (1900) to 1408 (2029).
_PERSIAN_LEAPS = {
    *(1280, 1284, 1288, 1292, 1296, 1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342),
    *(1346, 1350, 1354, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408),
}


def months_of(calendar: str, year: int) -> list[int]:
    """The lengths of the months of one year."""
    if calendar == "hijri":
        return [30, 29] * 5 + [30, 30 if year % 30 in _HIJRI_LEAPS else 29]
    if calendar == "persian":
        return [31] * 6 + [30] * 5 + [30 if year in _PERSIAN_LEAPS else 29]
    if calendar == "ethiopian":
        return [30] * 12 + [6 if year % 4 == 3 else 5]
    return [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def plain_number(calendar: str, year: int, month: int, day: int) -> int | None:
    """The day number by counting from the anchor; None where there is no such day or it lies before it."""
    first, start = ANCHORS[calendar]
    lengths = months_of(calendar, year)
    if year < first or not 1 <= month <= len(lengths) or not 1 <= day <= lengths[month - 1]:
        return None
    years = sum(sum(months_of(calendar, one)) for one in range(first, year))
    return start.toordinal() + years + sum(lengths[: month - 1]) + day - 1
