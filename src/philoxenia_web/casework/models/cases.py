"""Cases and what hangs on them: needs, goals, tasks, bundled services, notes, documents.

No name, number of a phone or free word stands here: `text_id` and `file_id` point at what the registry seals.
"""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class _Kept(models.Model):
    """What every row has: an id, the version a change is based on, and the request that made it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # The same request again finds the row it made.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    class Meta:
        abstract = True


class Case(_Kept):
    """One organisation's work with one person. What others hold of the same person is not to be seen here."""

    class State(models.TextChoices):
        """Whether anybody works on it."""

        OPEN = "open", pgettext_lazy("a case", "Open")
        WAITING = "waiting", pgettext_lazy("a case", "Waiting")
        CLOSED = "closed", pgettext_lazy("a case", "Closed")

    class Outcome(models.TextChoices):
        """How it ended."""

        MET = "met", _("The needs are met")
        MOVED_ON = "moved_on", _("Another team goes on")
        LEFT = "left", _("Left the city")
        NO_CONTACT = "no_contact", _("No contact any more")
        NOT_WANTED = "not_wanted", _("The person does not want it")
        MISTAKE = "mistake", _("Opened by mistake")

    number = models.BigIntegerField(editable=False)
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    worker_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    restricted = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.UUIDField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_case_a_number"),
            models.UniqueConstraint(
                fields=["organisation", "resident"],
                condition=~models.Q(state="closed"),
                name="one_live_case_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="closed_cases_say_when",
            ),
        ]
        indexes = [
            models.Index(fields=["resident", "organisation"], name="cases_of_person"),
            models.Index(fields=["worker_id"], name="cases_of_worker", condition=~models.Q(state="closed")),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown_number(self) -> str:
        """As it is said on the telephone."""
        digits = f"{self.number:09d}"
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


class CaseNeed(_Kept):
    """What a person lacks, in the shared vocabulary, and how badly."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Not met yet")
        IN_HAND = "in_hand", _("In hand")
        MET = "met", _("Met")
        NOT_WANTED = "not_wanted", _("No help wanted")

    class Severity(models.IntegerChoices):
        """How badly: what happens if nothing is done."""

        SLIGHT = 1, _("Slight: can wait")
        SOME = 2, _("Some: within months")
        SERIOUS = 3, _("Serious: within weeks")
        SEVERE = 4, _("Severe: within days")
        DANGER = 5, _("Danger: today")

    case = models.ForeignKey(Case, models.CASCADE, related_name="needs")
    resident = models.ForeignKey("registry.Resident", models.CASCADE, related_name="+")
    # A code of the engine's table of needs.
    need = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.UUIDField(null=True)
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "resident", "need"],
                condition=models.Q(state__in=["open", "in_hand"]),
                name="one_live_need_a_kind",
            ),
            models.CheckConstraint(condition=models.Q(severity__range=(1, 5)), name="severity_1_to_5"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Goal(_Kept):
    """Where the plan leads, in the person's own words, which are sealed."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("On the way")
        REACHED = "reached", _("Reached")
        DROPPED = "dropped", _("Dropped")

    case = models.ForeignKey(Case, models.CASCADE, related_name="goals")
    need = models.CharField(max_length=40, blank=True)
    text_id = models.UUIDField(null=True)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Task(_Kept):
    """Something somebody will do by a day."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("To do")
        DONE = "done", pgettext_lazy("a task", "Done")
        DROPPED = "dropped", _("Dropped")

    class Kind(models.TextChoices):
        """What is to be done."""

        CALL = "call", pgettext_lazy("a task", "Call")
        VISIT = "visit", pgettext_lazy("a task", "Visit")
        FILL_IN = "fill_in", _("Fill in a form together")
        SEND = "send", _("Send something")
        ASK = "ask", _("Ask a service")
        GO_ALONG = "go_along", pgettext_lazy("a task", "Go along")
        CHECK = "check", _("See how it went")
        OTHER = "other", _("Something else")

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="tasks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text_id = models.UUIDField(null=True)
    due_on = models.DateField()
    worker_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["worker_id", "due_on"], name="tasks_to_do", condition=models.Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ServiceLine(_Kept):
    """A service that belongs to the plan; `service_id` is one of the directory where it is known."""

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", _("Planned")
        ASKED_FOR = "asked_for", _("Asked for")
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")
        ENDED_EARLY = "ended_early", _("Ended early")

    class Kind(models.TextChoices):
        """What is bundled."""

        COUNSELLING = "counselling", _("Counselling")
        TRAINING = "training", _("Training")
        LANGUAGE_COURSE = "language_course", _("Language course")
        APPRENTICESHIP = "apprenticeship", _("Apprenticeship")
        JOB_SEARCH = "job_search", _("Help to find work")
        GRANT = "grant", _("Grant")
        LEGAL_ADVICE = "legal_advice", _("Legal advice")
        HOUSING_HELP = "housing_help", _("Help with housing")
        HEALTH = "health", _("Health care")
        CHILDCARE = "childcare", _("Childcare")
        OTHER = "other", _("Another service")

    case = models.ForeignKey(Case, models.CASCADE, related_name="service_lines")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="service_lines")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    service_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PLANNED)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Note(_Kept):
    """When somebody wrote about which contact; the words are sealed."""

    class Kind(models.TextChoices):
        """Of what it tells."""

        AT_THE_DESK = "at_the_desk", _("At the desk")
        BY_PHONE = "by_phone", _("By phone")
        VISIT = "visit", _("A visit")
        MESSAGE = "message", _("A message")
        ABOUT_PLAN = "about_plan", _("About the plan")
        OTHER = "other", _("Other")

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text_id = models.UUIDField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="notes_newest_first")]

    def __str__(self) -> str:
        return str(self.pk)


class Document(_Kept):
    """A file of the case, sealed. Identity documents are looked at and never kept."""

    class Kind(models.TextChoices):
        """What it is. No kind is a paper about a person's identity or permission to stay."""

        LETTER = "letter", pgettext_lazy("a document", "Letter")
        LEASE = "lease", _("Lease or offer of a home")
        BILL = "bill", _("Bill or reminder")
        CERTIFICATE = "certificate", _("School or work certificate")
        CV = "cv", _("Curriculum vitae")
        FORM = "form", _("Application form")
        PLAN = "plan", _("Signed plan")
        MEDICAL = "medical", _("Letter of a doctor")
        OTHER = "other", _("Other")

    case = models.ForeignKey(Case, models.CASCADE, related_name="documents")
    file_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # What the content is, looked at byte by byte; never what its name says.
    media_type = models.CharField(max_length=20, choices=[("application/pdf", "PDF"), ("image/jpeg", "JPEG")])
    size = models.PositiveIntegerField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="documents_newest_first")]

    def __str__(self) -> str:
        return str(self.pk)
