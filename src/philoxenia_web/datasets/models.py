"""What departments hand in: uploads, data sets, their versions, agreements, and what used them.

Rows of tables live in the lake and files of uploads under `uploads/`; here is only what is said of them.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a data set may be used for. A study names one of these, and only data agreed for it are used."""

    PLANNING = "planning", _("Planning services and their capacity")
    FORECASTING = "forecasting", _("Forecasting arrivals and demand")
    DELIVERY = "delivery", _("Running services from day to day")
    EVALUATION = "evaluation", _("Evaluating what an action brought")
    RESEARCH = "research", _("Research")
    PUBLICATION = "publication", _("Publishing results")


class Dataset(models.Model):
    """One extract that an organisation hands in again and again; each time is a version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="datasets")
    contract = models.CharField(_("kind"), max_length=63)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, validators=[MaxLengthValidator(5000)])
    lake_table = models.CharField(max_length=63, unique=True, editable=False)
    # Whether the city's own package brought it; its tables stand in for nothing handed in.
    from_package = models.BooleanField(default=False, editable=False)
    created_by = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(from_package=True), name="one_package_data_set_a_kind"
            )
        ]

    @property
    def called(self) -> str:
        """The title in the reader's language where it names a kind of extract, else as it was written."""
        return gettext(self.title) if self.title else ""

    def __str__(self) -> str:
        return self.title


class Upload(models.Model):
    """A file on its way in. How much of it is here is what the disk holds, not what this row says."""

    class State(models.TextChoices):
        """An upload ends complete, or is given up and its bytes deleted."""

        RECEIVING = "receiving", _("On its way")
        COMPLETE = "complete", _("Complete")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, models.CASCADE, null=True, related_name="uploads")
    contract = models.CharField(max_length=63, blank=True)
    # As its owner calls it: shown, never a path.
    name = models.CharField(max_length=200)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVING)
    key = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="one_upload_a_key")]
        indexes = [models.Index(fields=["state", "touched_at"], name="uploads_left_behind")]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """One hand-in: the file as it came, its check and corrections and, once published, its table."""

    class State(models.TextChoices):
        """From the file that came in to the table in use."""

        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    # A first hand-in becomes a data set when it is published.
    dataset = models.ForeignKey(Dataset, models.PROTECT, null=True, related_name="versions")
    number = models.PositiveIntegerField(null=True, editable=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.CHECKING)
    upload = models.OneToOneField(Upload, models.PROTECT, null=True, related_name="handed_in")
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # What the steward answered to the check: kind, sheet, member, dates, columns, not_status, corrections.
    answers = models.JSONField(default=dict)
    # Each change of the answers asks for a check; the report is that of `checked`.
    wanted = models.PositiveIntegerField(default=1)
    checked = models.PositiveIntegerField(default=0)
    check_folder = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    contract = models.CharField(max_length=63, blank=True)
    rows = models.BigIntegerField(default=0)
    columns = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    mends_accepted_at = models.DateTimeField(null=True)
    mends_accepted_by = models.UUIDField(null=True)
    lake_number = models.PositiveIntegerField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["dataset", "lake_number"], name="one_version_a_content"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="versions_at_hand")]

    def __str__(self) -> str:
        return f"{self.dataset or self.file_name} {self.number or ''}".strip()


class Agreement(models.Model):
    """Who may use a version, for what, until when. Rows are only added; the highest number holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(Version, models.PROTECT, related_name="agreements")
    number = models.PositiveIntegerField()
    everybody = models.BooleanField(default=False)
    organisations = models.ManyToManyField("accounts.Organisation", related_name="+")
    purposes = ArrayField(models.CharField(max_length=20, choices=Purpose.choices))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    licence = models.CharField(max_length=200)
    notes = models.TextField(blank=True, validators=[MaxLengthValidator(5000)])
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="one_agreement_a_number")]

    def __str__(self) -> str:
        return f"{self.of} {self.number}"

    @property
    def purposes_in_words(self) -> list[str]:
        """The purposes in words."""
        words = dict(Purpose.choices)
        return [str(words.get(one, one)) for one in self.purposes]


class Use(models.Model):
    """A result that a version went into, so that its withdrawal reaches everything made from it."""

    of = models.ForeignKey(Version, models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=30)
    object_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    organisation_ids = ArrayField(models.UUIDField(), default=list)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "kind", "object_id"], name="one_use_a_result")]

    def __str__(self) -> str:
        return self.title
