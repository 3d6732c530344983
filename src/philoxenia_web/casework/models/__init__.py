"""What casework keeps: ids, codes, states, times, numbers. Words about a person are sealed in `registry`."""

from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, ServiceLine, Task

__all__ = ["Case", "CaseNeed", "Document", "Goal", "Note", "ServiceLine", "Task"]
