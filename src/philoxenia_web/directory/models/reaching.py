"""How to reach them: contacts, phones, hours, languages."""

from django.db import models

from philoxenia_web.directory.models.base import Row, found_by, link, words


class Contact(Row):
    """Somebody, or a desk, to ask."""

    organization = link("Organization", "contacts")
    service = link("Service", "contacts")
    service_at_location = link("ServiceAtLocation", "contacts")
    location = link("Location", "contacts")
    name = words()
    title = words()
    department = words()
    email = words()

    class Meta:
        db_table = "directory_contact"
        indexes = found_by("contact", "organization", "service", "service_at_location", "location")


class Phone(Row):
    """A number."""

    location = link("Location", "phones")
    service = link("Service", "phones")
    organization = link("Organization", "phones")
    contact = link("Contact", "phones")
    service_at_location = link("ServiceAtLocation", "phones")
    number = words()
    extension = words()
    type = words()
    description = words()

    class Meta:
        db_table = "directory_phone"
        indexes = found_by("phone", "location", "service", "organization", "contact", "service_at_location")


class Schedule(Row):
    """When it is open: a rule of RFC 5545 in columns. Times are text, as HSDS writes them (HH:MM)."""

    service = link("Service", "schedules")
    location = link("Location", "schedules")
    service_at_location = link("ServiceAtLocation", "schedules")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    dtstart = models.DateField(null=True, blank=True)
    timezone = models.FloatField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    count = models.IntegerField(null=True, blank=True)
    wkst = words(size=2)
    freq = words(size=10)
    interval = models.IntegerField(null=True, blank=True)
    byday = words()
    byweekno = words()
    bymonthday = words()
    byyearday = words()
    description = words()
    opens_at = words(size=40)
    closes_at = words(size=40)
    schedule_link = words()
    attending_type = words()
    notes = words()

    class Meta:
        db_table = "directory_schedule"
        indexes = found_by("schedule", "service", "location", "service_at_location")


class Language(Row):
    """A language spoken."""

    service = link("Service", "languages")
    location = link("Location", "languages")
    phone = link("Phone", "languages")
    name = words()
    code = words(size=40)
    note = words()

    class Meta:
        db_table = "directory_language"
        indexes = found_by("language", "service", "location", "phone")
