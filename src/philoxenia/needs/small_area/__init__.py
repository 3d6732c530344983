"""Estimates for districts too small for a survey: area models, raking, benchmarking, and two applications."""

from philoxenia.needs.small_area.estimates import Estimates
from philoxenia.needs.small_area.fay_herriot import FayHerriot, SmallAreaError, fay_herriot
from philoxenia.needs.small_area.ownership import ownership_potential
from philoxenia.needs.small_area.raking import benchmark, rake
from philoxenia.needs.small_area.unbanked import unbanked_households

__all__ = [
    "Estimates",
    "FayHerriot",
    "SmallAreaError",
    "benchmark",
    "fay_herriot",
    "ownership_potential",
    "rake",
    "unbanked_households",
]
