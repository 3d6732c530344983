"""Hooks in the rail, their words on the trail, and their machines."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework.feed import follow_protection  # noqa: PLC0415
    from philoxenia_web.casework.hooks.policies import HOOKS  # noqa: PLC0415
    from philoxenia_web.registry.people.protecting import on_protected  # noqa: PLC0415

    on_protected(follow_protection)
    add_entry(Entry("front", "hooks", _("Messages to programs"), lambda one: can(actor_of(one), HOOKS), 95))
    name_actions(
        {
            "casework.make_hook": _("named an address that is told of changes"),
            "casework.pause_hook": _("paused messages to an address"),
            "casework.resume_hook": _("let messages to an address go on"),
            "casework.end_hook": _("ended messages to an address"),
            "casework.rotate_hook": _("made a new secret for messages"),
            "casework.reveal_hook": _("looked at the secret of messages"),
            "casework.try_hook": _("sent a trial message"),
            "casework.send_hook_again": _("had a message sent again"),
        }
    )
