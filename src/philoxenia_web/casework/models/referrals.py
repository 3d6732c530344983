"""Who is asked to help with what, under which agreement, and what became of it; emergency openings.

Codes, ids and times alone: the words that go with a referral are sealed texts of the registry.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.models.cases import Case, CaseNeed


class _Row(models.Model):
    """An id, the version a change is based on, and the request that made the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class SharedField(models.TextChoices):
    """What may be passed on of a person. The need and the sender's own words always go along.

    Nothing of others in the household but how many they are: each is referred for themselves.
    """

    NAMES = "names", _("Name")
    BIRTH_YEAR = "birth_year", _("Year of birth")
    BIRTH = "birth", _("Date of birth")
    CONTACTS = "contacts", _("Contacts that are safe to use")
    LANGUAGES = "languages", _("Languages")
    INTERPRETER = "interpreter", _("Interpreter")
    ACCESS_NEEDS = "access_needs", _("Accessibility needs")
    HOUSEHOLD_SIZE = "household_size", _("How many live in the household")
    DISTRICT = "district", _("District")
    NUMBER = "number", _("Number of the record")


class SharingAgreement(_Row):
    """What one organisation may pass to another about a person it refers, for what and until when."""

    class State(models.TextChoices):
        """It binds when both have signed."""

        PROPOSED = "proposed", _("Proposed")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Ended")

    class Purpose(models.TextChoices):
        """What the receiving organisation may use it for."""

        GIVE_HELP = "give_help", _("To give the help that was asked for")
        FIND_HELP = "find_help", _("To find out which help fits")
        GO_ON = "go_on", _("To go on with the case")

    giver = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    taker = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    fields = ArrayField(models.CharField(max_length=20, choices=SharedField.choices))
    # Codes of the table of needs; none means all of them.
    needs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    valid_from = models.DateField()
    valid_until = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.UUIDField(null=True, editable=False)
    signed_by = models.UUIDField(null=True, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.UUIDField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("taker")), name="agreement_between_two"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="agreement_ends_after_begin"
            ),
        ]
        indexes = [models.Index(fields=["giver", "taker"], name="agreements_of_two")]


class Referral(_Row):
    """Another organisation asked to help with a need, or to take over the case (`kind` transfer)."""

    class Kind(models.TextChoices):
        """A referral leaves the case where it is; a transfer moves it."""

        REFERRAL = "referral", _("Referral")
        TRANSFER = "transfer", _("Transfer")

    class State(models.TextChoices):
        """How far it is: states of both machines."""

        SENT = "sent", _("Sent")
        OPENED = "opened", _("Opened")
        UNANSWERED = "unanswered", _("Nobody answered")
        ASKED = "asked", _("They ask something")
        LEFT_OPEN = "left_open", _("Their question was left open")
        ACCEPTED = "accepted", _("Accepted")
        NOT_BEGUN = "not_begun", _("Accepted, but nothing began")
        BEGUN = "begun", _("Help has begun")
        FINISHED = "finished", _("Finished")
        TAKEN_OVER = "taken_over", _("Taken over")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Urgency(models.TextChoices):
        """How soon an answer is needed."""

        TODAY = "today", _("Today")
        SOON = "soon", _("This week")
        ROUTINE = "routine", _("No haste")

    class Reason(models.TextChoices):
        """Why it was declined or withdrawn."""

        NO_PLACE = "no_place", _("No place free")
        NOT_FOR_US = "not_for_us", _("We do not do this")
        NOT_IN_AREA = "not_in_area", _("Outside our area")
        NO_LANGUAGE = "no_language", _("We do not have the language")
        NO_ACCESS = "no_access", _("Our place is not accessible for this person")
        KNOWN_ALREADY = "known_already", _("We help already")
        TOO_LITTLE_KNOWN = "too_little_known", _("Too little to go by")
        NO_CONSENT = "no_consent", _("The person does not want it any more")
        NOT_NEEDED = "not_needed", _("No longer needed")
        ELSEWHERE = "elsewhere", _("Helped elsewhere")
        MISTAKE = "mistake", _("Sent by mistake")
        AGREEMENT_ENDED = "agreement_ended", _("The agreement ended")
        PROTECTED = "protected", _("The record was protected; ask anew if they should know")

    class Outcome(models.TextChoices):
        """What came of help that was accepted."""

        MET = "met", _("The need is met")
        PARTLY = "partly", _("Partly met")
        GOES_ON = "goes_on", _("The help goes on by itself")
        DID_NOT_COME = "did_not_come", _("The person did not come")
        COULD_NOT_REACH = "could_not_reach", _("We could not reach the person")
        COULD_NOT_HELP = "could_not_help", _("We could not help")
        NOT_WANTED = "not_wanted", _("The person did not want it")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals")
    need = models.ForeignKey(CaseNeed, models.SET_NULL, null=True, related_name="referrals")
    # The code stays when the row of the need is gone, for counts.
    need_code = models.CharField(max_length=40, blank=True)
    sender = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    receiver = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    # A service of the directory, where one was meant.
    service_id = models.UUIDField(null=True)
    agreement = models.ForeignKey(SharingAgreement, models.PROTECT, related_name="+")
    consent_id = models.UUIDField(null=True)
    fields = ArrayField(models.CharField(max_length=20, choices=SharedField.choices))
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.ROUTINE)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SENT)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    sent_by = models.UUIDField(null=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    # Since when the one whose turn it is has been waited for.
    waiting_since = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.UUIDField(null=True, editable=False)
    begun_at = models.DateTimeField(null=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, editable=False)
    chased_at = models.DateTimeField(null=True, editable=False)
    times_chased = models.PositiveSmallIntegerField(default=0, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # The longest time the receiver sees what was passed.
    visible_until = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(sender=models.F("receiver")), name="referral_between_two"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["finished", "taken_over", "declined", "withdrawn"], ended_at__isnull=False
                )
                | (
                    ~models.Q(state__in=["finished", "taken_over", "declined", "withdrawn"])
                    & models.Q(ended_at__isnull=True)
                ),
                name="ended_referrals_say_when",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind="transfer",
                    state__in=["sent", "opened", "unanswered", "taken_over", "declined", "withdrawn"],
                )
                | (models.Q(kind="referral") & ~models.Q(state="taken_over")),
                name="states_fit_the_kind",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(kind="transfer", ended_at=None),
                name="one_transfer_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["need", "receiver"],
                condition=models.Q(ended_at=None),
                name="one_live_referral_of_a_need",
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver", "sent_at"], name="referrals_inbox", condition=models.Q(ended_at=None)
            ),
            models.Index(fields=["sender", "-sent_at"], name="referrals_sent"),
            models.Index(fields=["resident", "receiver"], name="referrals_of_person"),
            models.Index(
                fields=["state", "waiting_since"], name="referrals_waiting", condition=models.Q(ended_at=None)
            ),
        ]

    def shared(self) -> list[SharedField]:
        """The fields that are passed, in the order of the list."""
        return [one for one in SharedField if one.value in self.fields]


class ReferralWord(_Row):
    """A question, an answer or what was said along with a step; the words are sealed."""

    class Kind(models.TextChoices):
        """With which step they came."""

        MESSAGE = "message", _("What goes along")
        QUESTION = "question", _("A question")
        ANSWER = "answer", _("The answer")
        DECLINED = "declined", _("Why it was declined")
        OUTCOME = "outcome", _("What came of it")
        REMINDER = "reminder", _("A reminder")

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="words")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text_id = models.UUIDField()
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    by = models.UUIDField(null=True, editable=False)


class Emergency(_Row):
    """A record that somebody opened without a case or referral, because something could not wait."""

    class State(models.TextChoices):
        """It ends by itself; a supervisor looks at every one."""

        OPEN = "open", _("Open now")
        OVER = "over", _("Over, to be reviewed")
        JUSTIFIED = "justified", _("Found justified")
        NOT_JUSTIFIED = "not_justified", _("Found not justified")

    class Reason(models.TextChoices):
        """What could not wait."""

        DANGER = "danger", _("Somebody is in danger")
        CHILD_ALONE = "child_alone", _("A child is alone")
        HEALTH = "health", _("A health emergency")
        NO_SHELTER = "no_shelter", _("No place to sleep tonight")
        TEAM_UNREACHABLE = "team_unreachable", _("The team that knows the person cannot be reached")

    class FoundBy(models.TextChoices):
        """By what the record was asked for."""

        NUMBER = "number", _("By its number")
        NAME = "name", _("By name and date of birth")

    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    found_by = models.CharField(max_length=10, choices=FoundBy.choices, default=FoundBy.NUMBER)
    holders = ArrayField(models.UUIDField(), default=list)
    person_id = models.UUIDField(editable=False)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    text_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    reviewed_by = models.UUIDField(null=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("person_id")),
                name="nobody_reviews_own_emergency",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("opened_at")), name="emergencies_end_after_begin"
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"], name="emergencies_to_review", condition=models.Q(reviewed_at=None)
            ),
            models.Index(fields=["organisation", "-opened_at"], name="emergencies_of_team"),
        ]
