"""Who helps with what: organisations, their programmes and services, with what the profile adds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.models.base import Known, Record, Row, found_by, link, words


class Organization(Record):
    """A body that gives services. `member` is the same body as one that signs in here, if it does."""

    name = models.TextField()
    alternate_name = words()
    description = words()
    email = words()
    website = words()
    tax_status = words()
    tax_id = words()
    year_incorporated = models.IntegerField(null=True, blank=True)
    legal_status = words()
    logo = words()
    uri = words()
    parent_organization = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", db_index=False
    )
    member = models.ForeignKey(
        "accounts.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withheld = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "directory_organization"
        indexes = found_by("organization", "parent_organization")


class OrganizationIdentifier(Row):
    """A number or name under which others know an organisation."""

    organization = link("Organization", "organization_identifiers")
    identifier_scheme = words()
    identifier_type = words()
    identifier = words()

    class Meta:
        db_table = "directory_organization_identifier"
        indexes = found_by("organization_identifier", "organization")


class Program(Record):
    """Services of an organisation that belong together."""

    organization = link("Organization", "programs")
    name = models.TextField()
    alternate_name = words()
    description = words()

    class Meta:
        db_table = "directory_program"
        indexes = found_by("program", "organization")


class Service(Record):
    """What an organisation does for people.

    `asks_status` and `safe_without_papers` are about the service, never about a person; what they rest on
    stands in `status_statement` and `status_source`. The site of a `confidential` service is never stored.
    Nothing is shown of one that is `withheld`.
    """

    class Status(models.TextChoices):
        """As HSDS names them."""

        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")
        DEFUNCT = "defunct", _("Given up")
        CLOSED = "temporarily closed", _("Closed for now")

    organization = link("Organization", "services")
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="services", db_index=False
    )
    name = models.TextField()
    alternate_name = words()
    description = words()
    url = words()
    email = words()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    interpretation_services = words()
    application_process = words()
    fees_description = words()
    wait_time = words()
    fees = words()
    accreditations = words()
    eligibility_description = words()
    minimum_age = models.FloatField(null=True, blank=True)
    maximum_age = models.FloatField(null=True, blank=True)
    assured_date = models.DateField(null=True, blank=True)
    assurer_email = words()
    licenses = words()
    alert = words()

    asks_status = models.CharField(
        max_length=10, choices=Known.choices, default=Known.UNKNOWN, db_default="unknown"
    )
    safe_without_papers = models.CharField(
        max_length=10, choices=Known.choices, default=Known.UNKNOWN, db_default="unknown"
    )
    status_statement = words()
    status_source = words()
    # Codes of the table of needs.
    needs = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    eligibility_rule = models.JSONField(null=True, blank=True)
    free = models.BooleanField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = words(size=200)
    check_by = models.DateField(null=True, blank=True)
    confidential = models.BooleanField(default=False, db_default=False)
    withheld = models.BooleanField(default=False, db_default=False)
    synthetic = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "directory_service"
        indexes = [
            *found_by("service", "organization", "program"),
            models.Index(
                fields=["id"],
                name="services_shown",
                condition=models.Q(status__in=["active", "temporarily closed"], withheld=False),
            ),
            models.Index(fields=["last_modified", "id"], name="services_modified"),
            models.Index(fields=["check_by", "id"], name="services_to_check"),
            models.Index(fields=["feed", "external_id"], name="services_of_feed"),
        ]
        constraints = [models.UniqueConstraint(fields=["id", "confidential"], name="service_confidential")]


class Funding(Row):
    """Who pays for an organisation or a service."""

    organization = link("Organization", "funding")
    service = link("Service", "funding")
    source = words()

    class Meta:
        db_table = "directory_funding"
        indexes = found_by("funding", "organization", "service")


class CostOption(Row):
    """A price."""

    service = link("Service", "cost_options")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    option = words()
    currency = words(size=20)
    amount = models.FloatField(null=True, blank=True)
    amount_description = words()

    class Meta:
        db_table = "directory_cost_option"
        indexes = found_by("cost_option", "service")


class RequiredDocument(Row):
    """What to bring."""

    service = link("Service", "required_documents")
    document = words()
    uri = words()

    class Meta:
        db_table = "directory_required_document"
        indexes = found_by("required_document", "service")


class Unit(Row):
    """What capacity is counted in."""

    name = models.TextField()
    scheme = words()
    identifier = words()
    uri = words()

    class Meta:
        db_table = "directory_unit"


class ServiceCapacity(Row):
    """How much of a service is to be had, as of `updated`."""

    service = link("Service", "capacities")
    unit = link("Unit", "capacities")
    available = models.FloatField(default=0)
    maximum = models.FloatField(null=True, blank=True)
    description = words()
    updated = models.DateTimeField()

    class Meta:
        db_table = "directory_service_capacity"
        indexes = found_by("service_capacity", "service", "unit")


class Url(Row):
    """One more address on the web."""

    organization = link("Organization", "additional_websites")
    service = link("Service", "additional_urls")
    label = words()
    url = words()

    class Meta:
        db_table = "directory_url"
        indexes = found_by("url", "organization", "service")
