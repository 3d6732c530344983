"""The four aspects of city life that an influx touches first (ODI, in the 2016 cities report, F2)."""

from enum import StrEnum


class Aspect(StrEnum):
    """One of the four influx aspects. There is no city-wide total over them, on purpose."""

    SHELTER_HEALTH_PROTECTION = "shelter_health_protection"
    BASIC_SERVICES = "basic_services"
    ECONOMY_JOBS = "economy_jobs"
    INCLUSION_COHESION = "inclusion_cohesion"
