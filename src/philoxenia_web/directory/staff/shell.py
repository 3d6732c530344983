"""What staff sees of the directory in the rail, and what its actions are called on the trail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import Permission, actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.directory.editing.policies import EDIT, TRANSLATE  # noqa: PLC0415

    def may(permission: Permission) -> Callable[[HttpRequest], bool]:
        return lambda request: can(actor_of(request), permission)

    add_entry(Entry("city", "directory", _("Directory"), may(EDIT), 30))
    add_entry(Entry("city", "directory-translations", _("Translations"), may(TRANSLATE), 40))
    name_actions(_ACTIONS)


_ACTIONS = {
    "directory.edit": _("changed a record of the directory"),
    "directory.create": _("wrote a new record of the directory"),
    "directory.give_at": _("added a place to a service"),
    "directory.leave": _("took a place from a service"),
    "directory.set_member": _("said who signs in for an organisation of the directory"),
    "directory.withdraw": _("withdrew a service"),
    "directory.bring_back": _("brought a service back"),
    "directory.conceal": _("made a service confidential"),
    "directory.confirm": _("confirmed that a service is right"),
    "directory.send_link": _("sent an organisation a link to confirm its services"),
    "directory.end_link": _("ended a link to confirm services"),
    "directory.propose": _("received changes proposed by an organisation"),
    "directory.accept_proposal": _("accepted proposed changes"),
    "directory.decline_proposal": _("declined proposed changes"),
    "directory.translate": _("translated a text"),
    "directory.draft_translation": _("had texts translated by a machine"),
    "directory.find_doubles": _("looked for organisations that are listed twice"),
    "directory.join": _("joined two organisations into one"),
    "directory.keep_apart": _("said that two organisations are not the same"),
    "directory.import": _("imported a directory"),
    "directory.stage_import": _("read a directory and looked at the report"),
    "directory.accept_import": _("accepted an import into the directory"),
    "directory.discard_import": _("discarded an import"),
    "directory.answer_feedback": _("answered a message about the directory"),
    "directory.check_links": _("had web addresses of the directory checked"),
}
