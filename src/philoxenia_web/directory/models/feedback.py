"""What readers of the public pages say is wrong: words and a day, nothing about who wrote."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from philoxenia_web.accounts.models import Person
from philoxenia_web.directory.models.services import Service


class Feedback(models.Model):
    """One report about a service. `key` is that of the form, so that sent twice it is kept once.

    It holds no name, no address of a device, no time of day. `service_version` is the record they saw.
    """

    class Kind(models.TextChoices):
        """What is wrong."""

        CLOSED = "closed", _("It has closed or moved")
        HOURS = "hours", _("The opening hours are wrong")
        PHONE = "phone", _("The telephone number is wrong")
        ADDRESS = "address", _("The address is wrong")
        STATUS = "status", _("They asked for my status or papers, although it says they do not")
        REFUSED = "refused", _("They sent me away")
        WORDS = "words", _("The translation is wrong")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", pgettext_lazy("report", "Open")
        DONE = "done", _("Mended")
        SET_ASIDE = "set_aside", _("Set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="feedback")
    service_version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=1000, blank=True, default="")
    language = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    note = models.TextField(blank=True, default="")
    handled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "directory_feedback"
        ordering = ("-day", "id")
        indexes = [models.Index(fields=["state", "day"], name="feedback_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.service}"
