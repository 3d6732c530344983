"""Starting the api app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Shows the page of tokens in the menu under the person's name, and names what is done to them."""

    name = "philoxenia_web.api"

    def ready(self) -> None:
        """Entries and words."""
        from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
        from philoxenia_web.api.policies import MANAGE_TOKENS  # noqa: PLC0415
        from philoxenia_web.ui.navigation import Entry, add_entry  # noqa: PLC0415

        def shown(request: HttpRequest) -> bool:
            return can(actor_of(request), MANAGE_TOKENS)

        add_entry(Entry("person", "tokens", _("Tokens for programs"), shown, order=60))
        name_actions(
            {
                "api.make_token": _("Made a token for a program"),
                "api.revoke_token": _("Revoked a token"),
            }
        )
