"""Starting the studies app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.navigation import Entry, add_entry


class StudiesConfig(AppConfig):
    """Registers what the studies app shows in the rail."""

    name = "philoxenia_web.studies"

    def ready(self) -> None:
        """The list of studies and the comparison, for those who may read them."""
        from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.studies.policies import READ, READ_SETTINGS  # noqa: PLC0415

        def may_see(request: HttpRequest) -> bool:
            return can(actor_of(request), READ_SETTINGS)

        def may_read(request: HttpRequest) -> bool:
            return can(actor_of(request), READ)

        add_entry(Entry("plan", "studies", _("Studies"), may_see, order=20))
        add_entry(Entry("plan", "study-compare", _("Compare two studies"), may_read, order=30))
