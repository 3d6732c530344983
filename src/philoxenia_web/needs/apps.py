"""Starting the needs app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry


class NeedsConfig(AppConfig):
    """Registers what the needs app shows in the rail."""

    name = "philoxenia_web.needs"

    def ready(self) -> None:
        """Two entries under Plan; their pages lead on to each other."""
        from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
        from philoxenia_web.needs.policies import READ, READ_LANGUAGES  # noqa: PLC0415

        def may_read(request: HttpRequest) -> bool:
            return can(actor_of(request), READ)

        def may_read_languages(request: HttpRequest) -> bool:
            return can(actor_of(request), READ_LANGUAGES)

        add_entry(Entry("plan", "needs", _("Needs together"), may_read, order=40))
        add_entry(Entry("plan", "needs-languages", _("Help by language"), may_read_languages, order=45))
        name_actions(
            {
                "needs.protect": _("protected the tables of a linked picture"),
                "needs.profile": _("handed in a survey to be profiled"),
                "needs.forget_profile": _("deleted a profile of a survey"),
            }
        )
