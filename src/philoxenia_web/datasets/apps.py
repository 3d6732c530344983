"""Starting the datasets app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatasetsConfig(AppConfig):
    """Registers what the datasets app shows in the rail."""

    name = "philoxenia_web.datasets"

    def ready(self) -> None:
        """Entries of the section "data"."""
        from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.datasets.policies import HAND_IN, SEE  # noqa: PLC0415
        from philoxenia_web.ui.navigation import Entry, add_entry  # noqa: PLC0415

        sees = lambda request: can(actor_of(request), SEE)  # noqa: E731
        hands_in = lambda request: can(actor_of(request), HAND_IN)  # noqa: E731
        add_entry(Entry("data", "data-sets", _("Data sets"), sees, 10))
        add_entry(Entry("data", "data-hand-in", _("Hand in an extract"), hands_in, 20))
