"""Starting the accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Gives the application's database role its rights after each migration, and listens to allauth."""

    name = "philoxenia_web.accounts"

    def ready(self) -> None:
        """Rights follow the tables: new ones are granted as soon as they exist."""
        from philoxenia_web.accounts import audit, policies, watching, words  # noqa: PLC0415 (models must be ready)
        from philoxenia_web.accounts.access import actor_of  # noqa: PLC0415
        from philoxenia_web.accounts.rights import grant_rights  # noqa: PLC0415
        from philoxenia_web.ui.navigation import Entry, add_entry  # noqa: PLC0415

        post_migrate.connect(grant_rights, sender=self)
        watching.begin()
        audit.name_actions(words.ACTIONS)
        manages = lambda request: policies.can_manage_people(actor_of(request))  # noqa: E731
        reads = lambda request: policies.can_read_trail(actor_of(request))  # noqa: E731
        add_entry(Entry("person", "profile", _("Your account"), lambda request: True, 10))
        add_entry(Entry("city", "people", _("People"), manages, 10))
        add_entry(Entry("city", "organisations", _("Organisations"), manages, 20))
        add_entry(Entry("city", "trail", _("Audit trail"), reads, 30))
