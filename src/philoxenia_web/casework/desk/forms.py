"""Forms of a case: needs, goals, tasks, services, notes, documents."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Note, ServiceLine, Task
from philoxenia_web.casework.words import need_choices

# Said under every field for free words about a person.
NOT_WANTED = _("Nothing about papers or permission to stay: it is neither needed nor wanted here.")
_LATEST = datetime.timedelta(days=5 * 366)


class Words(forms.CharField):
    """Free words about a person; they are sealed."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"})
        kwargs.setdefault("help_text", NOT_WANTED)
        super().__init__(max_length=10_000, widget=widget, **kwargs)


class Day(forms.DateField):
    """A day, from the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not timezone.localdate() - _LATEST < value < timezone.localdate() + _LATEST:
            raise forms.ValidationError(_("This day is too far away. Is the year right?"))


class NeedForm(forms.Form):
    """One need and how severe it is."""

    need = forms.ChoiceField(label=_("What is needed"))
    severity = forms.TypedChoiceField(
        label=_("How severe"),
        coerce=int,
        choices=[(str(code), words) for code, words in CaseNeed.Severity.choices],
        initial="3",
        help_text=_("What happens if nothing is done."),
    )

    # Somebody of the household; the person of the case where it is left out.
    whose = forms.UUIDField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = [("", _("Choose …")), *need_choices()]  # type: ignore[attr-defined]


class GoalForm(forms.Form):
    """Where the plan leads."""

    words = Words(label=_("What is to be reached, in their own words"), rows=2)
    need = forms.ChoiceField(label=_("For which need"), required=False)
    due_on = Day(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = [("", _("No single one")), *need_choices()]  # type: ignore[attr-defined]


class TaskForm(forms.Form):
    """Something to do by a day."""

    kind = forms.ChoiceField(label=_("What"), choices=Task.Kind.choices)
    due_on = Day(label=_("By when"), initial=timezone.localdate)
    words = Words(label=_("Details"), rows=2, required=False)
    worker = forms.UUIDField(required=False)


class ChangeTaskForm(forms.Form):
    """Another day for a task, or a colleague who does it."""

    due_on = Day(label=_("By when"))
    worker = forms.UUIDField(required=False)


class ServiceForm(forms.Form):
    """A service of the plan."""

    kind = forms.ChoiceField(label=_("Kind of service"), choices=ServiceLine.Kind.choices)
    service = forms.UUIDField(label=_("Service"), required=False, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """What was said or done."""

    kind = forms.ChoiceField(label=_("Kind of contact"), choices=Note.Kind.choices)
    words = Words(label=_("Note"), rows=4)


class DocumentForm(forms.Form):
    """A file of the case; who hands it in says that it identifies nobody."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Document.Kind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF or a photograph, at most 10 MB. Photographs lose what the camera wrote beside them."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,image/jpeg,image/png,image/webp"}),
    )
    no_identity = forms.BooleanField(
        label=_("It is no passport, card or permit: those are looked at and never kept."),
    )


class CloseForm(forms.Form):
    """How a case ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"), choices=Case.Outcome.choices)
