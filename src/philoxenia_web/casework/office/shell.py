"""The office in the rail."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework.office.policies import READ_OFFICE  # noqa: PLC0415

    add_entry(
        Entry("front", "office", _("The office in figures"), lambda one: can(actor_of(one), READ_OFFICE), 90)
    )
    name_actions(
        {
            "casework.make_office_month": _("made the figures of a month"),
            "casework.hand_in": _("made a list of casework for an agreement"),
        }
    )
