"""What the office did in a month: counts that were protected once, and stay as they were shown."""

from django.db import models
from django.db.models.functions import Now


class OfficeMonth(models.Model):
    """The protected figures of one month. Made once: changed afterwards, they would tell of somebody."""

    month = models.DateField(primary_key=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    # Tables by name, each a list of rows; `shown` is null where a figure is hidden.
    tables = models.JSONField()
    # The rules it was made under.
    minimum = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
