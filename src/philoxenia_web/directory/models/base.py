"""What every record of HSDS has here: an id of its own, where it comes from, and how tables are found."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


def words(*, size: int = 0) -> "models.TextField[str, str]":
    """Words of a source; '' where it says nothing."""
    if size:
        return models.CharField(max_length=size, blank=True, default="", db_default="")
    return models.TextField(blank=True, default="", db_default="")


def link(to: str, name: str) -> "models.ForeignKey[models.Model, models.Model]":
    """Belongs to another record and goes with it; indexed by `found_by` where it is given."""
    return models.ForeignKey(
        f"directory.{to}", models.CASCADE, null=True, blank=True, related_name=name, db_index=False
    )


def found_by(table: str, *keys: str) -> list[models.Index]:
    """An index for each record a row may belong to, holding only rows that do."""
    return [
        models.Index(
            fields=[key],
            name=f"{table}_{key}"[:30],
            condition=models.Q(**{f"{key}__isnull": False}),
        )
        for key in keys
    ]


class Known(models.TextChoices):
    """What is said of a service or place: nothing is taken for granted."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Row(models.Model):
    """A row of an HSDS table. `feed` is the import it came with, '' what was written here; the id it had
    there is kept where it is no UUID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feed = words(size=80)
    external_id = words(size=300)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or self.pk)


class Record(Row):
    """A record that is edited, translated and dated by itself.

    `version` grows with every change that is seen; `held` names the fields that people of the city wrote,
    which an import leaves alone; `text_language` is the language (BCP 47) its words were written in. `source`
    is who says what it says, as of `source_date`.
    """

    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    held = models.JSONField(default=list, db_default=[])
    text_language = words(size=20)
    source = words(size=300)
    source_url = words()
    source_date = words(size=40)
    licence = words(size=300)
    last_modified = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
