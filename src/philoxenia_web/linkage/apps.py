"""Starting the linkage app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinkageConfig(AppConfig):
    """Registers what the linkage app shows in the rail, and its words for the trail."""

    name = "philoxenia_web.linkage"

    def ready(self) -> None:
        """Entry of the section "data"."""
        from philoxenia_web.accounts import audit  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415
        from philoxenia_web.linkage import words  # noqa: PLC0415
        from philoxenia_web.linkage.policies import SEE  # noqa: PLC0415
        from philoxenia_web.ui.navigation import Entry, add_entry  # noqa: PLC0415

        sees = lambda request: can(actor_of(request), SEE)  # noqa: E731
        add_entry(Entry("data", "linkage", _("Linking agreements"), sees, 30))
        audit.name_actions(words.ACTIONS)
