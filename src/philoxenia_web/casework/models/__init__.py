"""What casework keeps: ids, codes, states, times, numbers. Words about a person are sealed in `registry`."""
# ruff: noqa: F401 (imported, so that Django knows them)

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
from philoxenia_web.casework.models.hooks import Delivery, Hook, Modification
from philoxenia_web.casework.models.office import OfficeMonth
from philoxenia_web.casework.models.offline import OfflineChange, OfflineConflict, OfflineDevice, TakenCase
from philoxenia_web.casework.models.queue import Queue, QueueDay, Sitting, Ticket
from philoxenia_web.casework.models.referrals import Emergency, Referral, ReferralWord, SharingAgreement

__all__ = ["Case", "CaseNeed", "Document", "Goal", "Note", "ServiceLine", "Task"]
