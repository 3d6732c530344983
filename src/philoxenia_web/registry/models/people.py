"""Residents: ids, versions, sealed values. Nothing here tells who somebody is without the keys.

Columns that hold bytes are sealed under the resident's own key, bound to table, column and row
(`people/sealed.py`). Row-level security of each table is in the migrations.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Resident(models.Model):
    """One person the city knows. What was erased leaves its id, so that counts stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Keyed, so that a number told at the desk is found and none can be read here.
    number_token = models.BinaryField(max_length=16, unique=True, null=True)
    # Who holds the record: only it finds and opens a restricted one.
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    # What lists and search show; and everything else.
    brief = models.BinaryField()
    details = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    # The same key again gives the record it made.
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class ResidentKey(models.Model):
    """A resident's own key, wrapped by a master key. Without it nothing of the person can be read."""

    resident = models.OneToOneField(Resident, models.CASCADE, primary_key=True, related_name="wrapped")
    master = models.CharField(max_length=16)
    wrapped = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["master"], name="keys_by_master")]

    def __str__(self) -> str:
        return str(self.pk)


class ResidentVersion(models.Model):
    """What a change found before it: which fields, sealed as they were, by whom."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    fields = ArrayField(models.CharField(max_length=40))
    before = models.BinaryField()
    key = models.UUIDField()
    person_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "version"], name="one_change_a_version"),
            models.UniqueConstraint(fields=["resident", "key"], name="one_change_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.version}"


class HouseholdMember(models.Model):
    """People who live as one household; a person is in one at most."""

    class Relation(models.TextChoices):
        """To the person the household was first written down for."""

        HEAD = "head", _("First person")
        PARTNER = "partner", _("Partner")
        CHILD = "child", _("Child")
        PARENT = "parent", _("Parent")
        SIBLING = "sibling", _("Brother or sister")
        RELATIVE = "relative", _("Other relative")
        OTHER = "other", _("Lives with them")

    resident = models.OneToOneField(Resident, models.CASCADE, primary_key=True, related_name="membership")
    household_id = models.UUIDField(db_index=True)
    relation = models.CharField(max_length=20, choices=Relation.choices, default=Relation.OTHER)
    since = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.household_id} {self.resident_id}"


class PeopleIndex(models.Model):
    """The blind index: short keyed tokens of pairs of what people are asked for. Only functions read it."""

    resident = models.OneToOneField(Resident, models.CASCADE, primary_key=True, related_name="+")
    strong = ArrayField(models.IntegerField(), default=list)
    loose = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["strong", "loose"], name="people_by_token", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.pk)


class IndexKey(models.Model):
    """Which key the blind index was written with, one row: another key, however whole, would find nobody."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.fingerprint


class Reading(models.Model):
    """That somebody read of a resident, and why: what the resident is shown."""

    # Without a constraint: a reading stays when a record that was never finished is rolled back.
    resident_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=40)
    fields = ArrayField(models.CharField(max_length=40))
    # The reason in somebody's own words, sealed.
    text_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["resident_id", "-at"], name="readings_of_a_resident"),
            models.Index(fields=["person_id", "-at"], name="readings_by_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.reason}"


class Finding(models.Model):
    """That somebody searched: when and how many were shown, never for whom. Limits are counted here."""

    person_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=40)
    hits = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"], name="findings_by_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
