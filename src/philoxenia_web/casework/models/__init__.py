"""What casework keeps: ids, codes, states, times, numbers. Words about a person are sealed in `registry`."""

from philoxenia_web.casework.models.appointments import (
    Absence,
    Appointment,
    CalendarFeed,
    Hours,
    Interpreter,
    Reminder,
    ReminderChoice,
    Room,
    Taken,
)
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, ServiceLine, Task
from philoxenia_web.casework.models.queue import Queue, QueueDay, Sitting, Ticket
from philoxenia_web.casework.models.referrals import Emergency, Referral, ReferralWord, SharingAgreement

__all__ = ["Case", "CaseNeed", "Document", "Goal", "Note", "ServiceLine", "Task"]
