"""Where: locations, their addresses, and services at them. Nothing tells where a confidential site is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.models.base import Known, Record, Row, found_by, link, words

# What may say where a place is. A confidential one has none of it.
TELLS_WHERE = (
    "name",
    "alternate_name",
    "description",
    "transportation",
    "url",
    "external_identifier",
    "district_id",
)


class Kind(models.TextChoices):
    """Of locations and addresses, as HSDS names them."""

    PHYSICAL = "physical", _("A place")
    POSTAL = "postal", _("For letters")
    VIRTUAL = "virtual", _("Online")


class Location(Record):
    """A place, or an address online, where services are given.

    A `placeholder` came with coordinates that stand in for an address: they were left out.
    """

    location_type = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)
    url = words()
    organization = models.ForeignKey(
        "directory.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="locations",
        db_index=False,
    )
    name = words()
    alternate_name = words()
    description = words()
    transportation = words()
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    external_identifier = words()
    external_identifier_type = words()

    district_id = words(size=80)
    wheelchair = models.CharField(
        max_length=10, choices=Known.choices, default=Known.UNKNOWN, db_default="unknown"
    )
    confidential = models.BooleanField(default=False, db_default=False)
    placeholder = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "directory_location"
        indexes = [
            *found_by("location", "organization"),
            models.Index(fields=["latitude", "longitude"], name="location_point"),
        ]
        constraints = [
            # Addresses, accessibility and services hang on this pair (see the migration).
            models.UniqueConstraint(fields=["id", "confidential"], name="location_confidential"),
            models.CheckConstraint(
                name="a_confidential_place_tells_nothing",
                condition=Q(confidential=False)
                | Q(latitude=None, longitude=None, **dict.fromkeys(TELLS_WHERE, "")),
            ),
        ]


class Address(Row):
    """Where letters and people go. The database refuses one for a confidential place."""

    location = link("Location", "addresses")
    attention = words()
    address_1 = words()
    address_2 = words()
    city = words()
    region = words()
    state_province = words()
    postal_code = words()
    country = words()
    address_type = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)

    class Meta:
        db_table = "directory_address"
        indexes = [
            *found_by("address", "location"),
            models.Index(models.Func("postal_code", function="upper"), name="address_postal_code"),
        ]


class Accessibility(Row):
    """How people with disabilities get in and around."""

    location = link("Location", "accessibility")
    description = words()
    details = words()
    url = words()

    class Meta:
        db_table = "directory_accessibility"
        indexes = found_by("accessibility", "location")


class ServiceAtLocation(Row):
    """A service given at a place. The database refuses one for a confidential service or place."""

    service = link("Service", "service_at_locations")
    location = link("Location", "service_at_locations")
    description = words()

    class Meta:
        db_table = "directory_service_at_location"
        indexes = found_by("service_at_location", "service", "location")


class ServiceArea(Row):
    """For whom by where they live."""

    service = link("Service", "service_areas")
    service_at_location = link("ServiceAtLocation", "service_areas")
    name = words()
    description = words()
    extent = words()
    extent_type = words()
    uri = words()

    class Meta:
        db_table = "directory_service_area"
        indexes = found_by("service_area", "service", "service_at_location")
