"""Whom a figure is about. Newcomers and long-term residents stand side by side in every table."""

from enum import StrEnum


class Population(StrEnum):
    """A constituency by time since arrival in the city; never by immigration status."""

    NEWCOMERS = "newcomers"
    LONG_TERM_RESIDENTS = "long_term_residents"
    ALL_RESIDENTS = "all_residents"
