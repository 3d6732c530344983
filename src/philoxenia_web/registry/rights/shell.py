"""What staff sees of rights in the rail, and what its actions are called on the trail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import Permission, actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.registry.people.merging import on_merged  # noqa: PLC0415
    from philoxenia_web.registry.people.protecting import on_protected  # noqa: PLC0415
    from philoxenia_web.registry.rights import slips  # noqa: PLC0415
    from philoxenia_web.registry.rights.import_forgetting import ERASER  # noqa: PLC0415
    from philoxenia_web.registry.rights.parts import add_eraser  # noqa: PLC0415
    from philoxenia_web.registry.rights.policies import DECIDE, SERVE  # noqa: PLC0415

    def may(permission: Permission) -> Callable[[HttpRequest], bool]:
        return lambda request: can(actor_of(request), permission)

    add_entry(Entry("front", "rights", _("Rights and requests"), may(SERVE), 80))
    add_entry(Entry("front", "rights-retention", _("What may go"), may(DECIDE), 85))
    add_entry(Entry("front", "rights-imports", _("Bring a list in"), may(DECIDE), 90))
    name_actions(_ACTIONS)
    add_eraser(ERASER)
    on_protected(slips.end_foreign)
    on_merged(slips.end_joined)


_ACTIONS = {
    "registry.consent": _("noted what somebody agreed to"),
    "registry.rights_request": _("worked on a request about own data"),
    "registry.print_slip": _("printed a slip for an own page"),
    "registry.slip_for": _("printed a slip that opens somebody's own page"),
    "registry.open_slip": _("opened an own page with a slip"),
    "registry.end_slip": _("ended a slip for an own page"),
    "registry.read_own": _("read their own record"),
    "registry.export_record": _("made a person's record to take along"),
    "registry.hand_out_record": _("read a whole record to hand it to the person"),
    "registry.rights_file": _("handed a person their record"),
    "registry.retention": _("decided what goes by rule"),
    "registry.receive_people": _("brought a list of people"),
    "registry.check_people": _("read a list of people that came in"),
    "registry.take_people_in": _("let a list of people come in"),
    "registry.hand_back_people": _("left a list of people to another supervisor"),
    "registry.decide_person": _("decided on a row of a list that came in"),
    "registry.give_up_people": _("gave a list of people up"),
}
