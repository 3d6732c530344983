"""Sentences of the page that needs no network, in its language. What stands as %(name)s the device fills."""

from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.casework import words
from philoxenia_web.casework.models.cases import CaseNeed, Note, Task
from philoxenia_web.casework.models.offline import OfflineChange
from philoxenia_web.directory.editing import languages
from philoxenia_web.registry.people.values import CHOICES


def sentences() -> dict[str, Any]:
    """By the names under which the scripts ask for them."""
    return _of_the_door() | _of_cases() | _of_sending() | _labels()


def _of_the_door() -> dict[str, str]:
    return {
        "title": _("Work without a network"),
        "unable": _(
            "This browser cannot keep anything safely. Try a newer one, or without its private mode."
        ),
        "none": _("Nothing was taken along on this device."),
        "choose": _("Choose cases (needs a network)"),
        "wiped": _("Everything that was on this device was removed."),
        "wiped_time": _("Its time was over."),
        "wiped_tries": _("There were too many wrong passphrases."),
        "wiped_revoked": _("It was stopped from the office, or its owner signed out."),
        "locked": _("Your passphrase"),
        "open": _("Open"),
        "wrong": _("This is not the passphrase. Tries left: %(left)s. Then everything here is removed."),
        "until": _("These copies open until %(time)s."),
        "expired": _(
            "The time of these copies is over and they were removed. What you wrote is still here: send it."
        ),
        "over": _(
            "By the clock of this device its time is over. Connect it to a network: the city’s clock decides."
        ),
        "begun": _("You began this and did not save it. The case is not on this device any more."),
        "unsent_locked": _("Not sent yet: %(count)s. Open the device and send it."),
        "lock": _("Lock"),
        "empty": _("Empty this device"),
        "empty_sure": _("Empty it: %(count)s changes that were not sent are lost"),
        "broken": _("What is kept here was damaged and cannot be read. Empty the device and begin anew."),
        "full": _("This device has no room left. Nothing was lost; send what you wrote."),
    }


def _of_cases() -> dict[str, str]:
    return {
        "cases": _("Cases on this device"),
        "back": _("All cases"),
        "number": _("Case"),
        "language": _("Language"),
        "interpreter": _("Interpreter"),
        "born": _("Born"),
        "household": _("Household"),
        "needs": _("Needs"),
        "tasks": _("To do"),
        "notes": _("Notes"),
        "contacts": _("How to reach them"),
        "severity": _("How severe"),
        "state": _("State"),
        "new_need": _("Note a need"),
        "note_it": _("Note it"),
        "new_note": _("Write a note"),
        "note_kind": _("What it was"),
        "papers": _("Immigration status and papers are neither needed nor wanted here."),
        "save": _("Save on this device"),
        "done": _("Done"),
        "not_done": _("Not done after all"),
        "due": _("by %(day)s"),
        "contact_kind": _("Kind"),
        "contact_value": _("Number or address"),
        "contact_safe": _("Safe for messages"),
        "add_contact": _("Add another"),
        "nothing_open": _("Nothing here."),
        "mark_waiting": _("not sent yet"),
        "mark_disputed": _("A person decides"),
        "saved": _("Saved on this device."),
    }


def _of_sending() -> dict[str, str]:
    return {
        "waiting": _("Not sent yet: %(count)s"),
        "all_sent": _("Everything was sent."),
        "send": _("Send now"),
        "sending": _("Sending …"),
        "offline": _("No network. What you write is kept here and sent later."),
        "sign_in": _("Sign in to send what you wrote."),
        "to_sign_in": _("Sign in"),
        "not_yours": _("Somebody else is signed in. The owner of this device must sign in to send."),
        "broke": _("The server did not answer. Nothing was lost; try again."),
        "conflicts": _(
            "Differ from what the desk wrote meanwhile: %(count)s. Both are kept; a person decides."
        ),
        "decide": _("Decide"),
        "refused": _("Could not be written:"),
        "discard": _("Leave it away"),
        "renew": _("Bring up to date"),
    }


def _labels() -> dict[str, str]:
    told: dict[str, Any] = {f"need.{code}": name for code, name in words.need_choices()}
    told |= {f"severity.{code}": label for code, label in CaseNeed.Severity.choices}
    told |= {f"need_state.{code}": label for code, label in CaseNeed.State.choices}
    told |= {f"task.{code}": label for code, label in Task.Kind.choices}
    told |= {f"task_state.{code}": label for code, label in Task.State.choices}
    told |= {f"note.{code}": label for code, label in Note.Kind.choices}
    told |= {f"reason.{code}": label for code, label in OfflineChange.Reason.choices}
    told |= {f"contact.{code}": label for code, label in contact_kinds().items()}
    return told


def contact_kinds() -> dict[str, str]:
    """Ways to reach somebody, in words."""
    known = {
        "phone": _("Phone"),
        "email": _("E-mail"),
        "messenger": _("Messenger"),
        "address": _("Address"),
        "other": _("Other"),
    }
    return {code: known.get(code, code) for code in CHOICES["contacts", "kind"]}


def language_names(copies: list[dict[str, Any]]) -> dict[str, str]:
    """Names of the languages that copies speak of."""
    codes = {one[name] for one in copies for name in ("language", "interpreter") if one[name]}
    return {code: languages.name_of(code) for code in codes}


def _contact(one: dict[str, Any]) -> str:
    """A way to reach somebody with all that is known of it: who decides must see which one is not safe."""
    marks = [_("safe") if one.get("safe") else _("not safe")]
    marks += [str(one[name]) for name in ("how", "hours", "note") if one.get(name)]
    return f"{contact_kinds().get(one.get('kind', ''), '')}: {one.get('value', '')} ({', '.join(marks)})"


def said(kind: str, field: str, value: Any) -> str:
    """A value of a conflict, in words."""
    if field == "severity":
        return str(dict(CaseNeed.Severity.choices).get(value, value))
    if field == "contacts":
        return "\n".join(_contact(one) for one in value or ()) or _("None")
    states = dict((CaseNeed if kind == "need" else Task).State.choices)
    return str(states.get(value, value if value is not None else _("Not there")))
