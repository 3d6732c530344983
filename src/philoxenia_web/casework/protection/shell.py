"""The part of the record page, what follows for cases, and what it is called on the trail."""

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.casework.desk.parts import Part, add_part  # noqa: PLC0415
    from philoxenia_web.casework.protection import following, part  # noqa: PLC0415
    from philoxenia_web.registry.people.protecting import on_protected  # noqa: PLC0415

    add_part(
        Part(90, "protection", _("Who finds it"), "casework/protection/part.html", part.context, side=True)
    )
    on_protected(following.follow)
    name_actions(
        {
            "registry.protect_resident": _("protected a record"),
            "registry.lift_protection": _("lifted the protection of a record"),
            "registry.hand_over_resident": _("let another department hold a record"),
        }
    )
