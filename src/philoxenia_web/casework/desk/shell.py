"""What the desk shows in the rail, what its actions are called on the trail, its machines, its parts."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.states import CASE, GOAL, NEED, SERVICE_LINE, TASK
from philoxenia_web.ui.machines import add_machine
from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import Permission, actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework import words  # noqa: PLC0415
    from philoxenia_web.casework.desk import own_parts, own_rights  # noqa: PLC0415
    from philoxenia_web.casework.policies import CASEWORK, SUPERVISE  # noqa: PLC0415
    from philoxenia_web.registry.rights.words import call  # noqa: PLC0415

    def may(permission: Permission) -> Callable[[HttpRequest], bool]:
        return lambda request: can(actor_of(request), permission)

    add_entry(Entry("front", "front", _("Who is here?"), may(CASEWORK), 10))
    add_entry(Entry("front", "front-caseload", _("My caseload"), may(CASEWORK), 20))
    add_entry(Entry("front", "front-joined", _("Joined records"), may(SUPERVISE), 87))
    name_actions(_ACTIONS)
    call("language", words.language_name)
    call("district", words.district_name)
    own_parts.register()
    own_rights.register()
    for machine, title in ((CASE, _("A case")), (NEED, _("A need")), (GOAL, _("A goal of a plan"))):
        add_machine(machine, title, _words(machine.name))
    for machine, title in ((TASK, _("A task")), (SERVICE_LINE, _("A service of a plan"))):
        add_machine(machine, title, _words(machine.name))


def _words(machine: str) -> dict[str, Any]:
    """What its states, verbs and people are called."""
    from philoxenia_web.casework import words  # noqa: PLC0415
    from philoxenia_web.casework.models import cases  # noqa: PLC0415

    tables = {"case": cases.Case, "need": cases.CaseNeed, "goal": cases.Goal, "task": cases.Task}
    table = tables.get(machine, cases.ServiceLine)
    people = {"caseworker": _("Caseworker"), "supervisor": _("Supervisor")}
    closing = {"close": _("Close it, and say how it ended")} if machine == "case" else {}
    return {**dict(table.State.choices), **words.VERBS[machine], **closing, **people}


_ACTIONS = {
    "casework.open_case": _("opened a case"),
    "casework.pause_case": _("set a case aside for now"),
    "casework.resume_case": _("went on with a case"),
    "casework.close_case": _("closed a case"),
    "casework.reopen_case": _("opened a closed case again"),
    "casework.assign_case": _("gave a case to somebody"),
    "casework.note_need": _("noted a need"),
    "casework.change_need": _("changed how severe a need is"),
    "casework.take_in_hand_need": _("took a need in hand"),
    "casework.put_back_need": _("put a need back"),
    "casework.meet_need": _("noted that a need is met"),
    "casework.set_aside_need": _("noted that no help is wanted"),
    "casework.return_need": _("noted that a need is back"),
    "casework.set_goal": _("set a goal"),
    "casework.reach_goal": _("noted that a goal is reached"),
    "casework.drop_goal": _("dropped a goal"),
    "casework.return_goal": _("took a goal up again"),
    "casework.add_task": _("added a task"),
    "casework.finish_task": _("finished a task"),
    "casework.drop_task": _("dropped a task"),
    "casework.return_task": _("took a task up again"),
    "casework.move_task": _("moved a task to another day"),
    "casework.give_task": _("gave a task to somebody"),
    "casework.plan_service": _("planned a service"),
    "casework.ask_service": _("asked for a planned service"),
    "casework.begin_service": _("noted that a planned service began"),
    "casework.complete_service": _("noted that a planned service is completed"),
    "casework.end_early_service": _("noted that a planned service ended early"),
    "casework.write_note": _("wrote a note"),
    "casework.keep_document": _("kept a document"),
    "casework.delete_document": _("destroyed a document"),
}
