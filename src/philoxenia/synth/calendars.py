"""Days in other calendars, by plain arithmetic: tabular Islamic, Persian (33-year cycle), Ethiopian.

Owns what test people's documents need; exact to a day or two, as documents are. Days are counted since
1970-01-01.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_JULIAN_DAY_1970 = 2440588
_ISLAMIC, _ETHIOPIAN, _PERSIAN = 1948440, 1724221, 1948320  # Julian day numbers of the first day of each
YEARS_BEHIND = {"hijri": 579, "persian": 621, "ethiopian": 8}


def in_calendar(days: Ints, calendar: str) -> tuple[Ints, Ints, Ints]:
    """Year, month and day of a calendar: hijri, persian or ethiopian.

    Source: Reingold and Dershowitz, Calendrical Calculations (2018), arithmetic versions.
    """
    julian = days + _JULIAN_DAY_1970
    return {"hijri": _hijri, "persian": _persian, "ethiopian": _ethiopian}[calendar](julian)


def _hijri(julian: Ints) -> tuple[Ints, Ints, Ints]:
    year = (30 * (julian - _ISLAMIC) + 10646) // 10631
    start = 354 * (year - 1) + (3 + 11 * year) // 30 + _ISLAMIC
    # Months have 30 and 29 days by turns.
    month = np.minimum(2 * (julian - start) // 59 + 1, 12)
    return year, month, julian - start - (59 * (month - 1) + 1) // 2 + 1


def _persian(julian: Ints) -> tuple[Ints, Ints, Ints]:
    cycle, day = np.divmod(julian - _PERSIAN, 12053)
    year_in = np.minimum((day * 33) // 12053, 32)
    year_in = np.where(day < _persian_start(year_in), year_in - 1, year_in)
    year_in = np.where(day >= _persian_start(year_in + 1), year_in + 1, year_in)
    of_year = day - _persian_start(year_in)
    month = np.where(of_year < 186, of_year // 31, 6 + (of_year - 186) // 30)
    first = np.where(month < 6, 31 * month, 186 + 30 * (month - 6))
    return 33 * cycle + year_in + 1, month + 1, of_year - first + 1


def _persian_start(year_in: Ints) -> Ints:
    """Days of a cycle of 33 years, eight of them leap, before its year."""
    return 365 * year_in + (8 * year_in + 29) // 33


def _ethiopian(julian: Ints) -> tuple[Ints, Ints, Ints]:
    since = julian - _ETHIOPIAN
    cycle, day = np.divmod(since, 1461)
    year_in = np.minimum(day // 365, 3)
    # The third year of four has the day more, so that the fourth begins a day later.
    start = 365 * year_in + (year_in == 3)
    late = day < start
    year_in = np.where(late, year_in - 1, year_in)
    of_year = day - 365 * year_in - (year_in == 3)
    return 4 * cycle + year_in + 1, of_year // 30 + 1, of_year % 30 + 1
