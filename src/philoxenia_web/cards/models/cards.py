"""Applications, what two people saw, cards, the keys they are signed with, and which were withdrawn."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia_web.cards.states import LIVE


class SigningKey(models.Model):
    """The public half of a key; the private one lies among the keys, outside database and backup."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kid = models.SlugField(max_length=8, unique=True)
    public = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    # Signs no more; cards signed with it are still good.
    retired_at = models.DateTimeField(null=True)
    # Somebody says it got into other hands; a second supervisor decides.
    doubted_by = models.UUIDField(null=True)
    doubted_at = models.DateTimeField(null=True)
    # Got into other hands: no card signed with it is good any more.
    broken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kid


class Application(models.Model):
    """That a person asks for a card. What was seen hangs on its reviews."""

    class Kind(models.TextChoices):
        """Why a card is asked for."""

        FIRST = "first", _("First card")
        RENEWAL = "renewal", _("Renewal")
        REPLACEMENT = "replacement", _("In place of a lost or damaged card")
        CHANGE = "change", _("Another name or photo")

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Documents to be looked at")
        SEEN_ONCE = "seen_once", _("To be looked at by a second person")
        ACCEPTED = "accepted", _("Accepted by two")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")
        ISSUED = "issued", _("Card issued")

    class Refusal(models.TextChoices):
        """Why the second person refuses."""

        NOT_ENOUGH = "not_enough", _("The documents are not enough")
        NOT_THE_PERSON = "not_the_person", _("The documents are of somebody else")
        DOUBTFUL = "doubtful", _("A document seems to be changed or false")
        NOT_HERE = "not_here", _("The person does not live in the city")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.FIRST)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    refusal = models.CharField(max_length=20, choices=Refusal.choices, blank=True)
    # A child with a guardian needs no document with a photo.
    accompanied = models.BooleanField(default=False)
    # The person chooses whether their date of birth stands on the card.
    shows_birth = models.BooleanField(default=False)
    # A keyed hash of what the card will say, as two people saw it.
    face_mark = models.BinaryField(max_length=16, default=b"")
    # A sealed file of the registry.
    photo_id = models.UUIDField(null=True)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=models.Q(state__in=["open", "seen_once", "accepted"]),
                name="one_open_application_a_person",
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="card_applications_at_desk")]

    def __str__(self) -> str:
        return str(self.pk)


class Review(models.Model):
    """That one person looked at the documents, and what they say of them."""

    class Says(models.TextChoices):
        """What they found."""

        ENOUGH = "enough", _("Enough")
        NOT_ENOUGH = "not_enough", _("Not enough yet")
        REFUSED = "refused", _("Refused")

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    by = models.UUIDField()
    # Counts up where documents are looked at again from the beginning.
    turn = models.PositiveSmallIntegerField(default=1)
    says = models.CharField(max_length=20, choices=Says.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            # Nobody is the second person after themselves.
            models.UniqueConstraint(fields=["application", "turn", "by"], name="one_review_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.turn}"


class Seen(models.Model):
    """A kind of document that was looked at, the day it was. Deleted some days after the decision."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="seen")
    # A code of the city's card/points.csv.
    kind = models.SlugField(max_length=40)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "kind"], name="one_kind_a_review")]

    def __str__(self) -> str:
        return self.kind


class Card(models.Model):
    """A card: its place in the list, its days, what became of it. Its code is made when it is printed."""

    class State(models.TextChoices):
        """What became of it."""

        ISSUED = "issued", _("To be printed")
        PRINTED = "printed", _("Printed, to be handed over")
        ACTIVE = "active", _("Handed over")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced by a newer card")
        EXPIRED = "expired", _("Expired")

    class Reason(models.TextChoices):
        """Why it ended before its day."""

        LOST = "lost", _("Lost")
        STOLEN = "stolen", _("Stolen")
        DAMAGED = "damaged", _("Damaged")
        CHANGED = "changed", _("Name or photo changed")
        ASKED = "asked", _("The person wants no card any more")
        MISTAKE = "mistake", _("Issued by mistake")
        RENEWED = "renewed", _("Renewed")
        ERASED = "erased", _("The person's record was erased")
        RESTORED = "restored", _("Withdrawn before a backup was put back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    application = models.OneToOneField(Application, models.CASCADE, related_name="card")
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    signed_with = models.ForeignKey(SigningKey, models.PROTECT, related_name="cards")
    index = models.BigIntegerField(unique=True, editable=False)
    valid_from = models.DateField()
    valid_until = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.ISSUED)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    issued_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField(default=timezone.now)
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident"], condition=models.Q(state__in=LIVE), name="one_live_card_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="card_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="cards_at_desk")]

    def __str__(self) -> str:
        return str(self.pk)


class Withdrawn(models.Model):
    """A place of the status list that is set: numbers alone, which everybody may know. Outlives its card."""

    index = models.BigIntegerField(primary_key=True)
    until = models.DateField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return str(self.index)


class StatusList(models.Model):
    """A list of places, and how many of them were given to cards."""

    number = models.PositiveIntegerField(primary_key=True)
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
