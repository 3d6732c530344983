"""Starting the accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Gives the application's database role its rights after each migration."""

    name = "philoxenia_web.accounts"

    def ready(self) -> None:
        """Rights follow the tables: new ones are granted as soon as they exist."""
        from philoxenia_web.accounts.rights import grant_rights  # noqa: PLC0415 (models must be ready)

        post_migrate.connect(grant_rights, sender=self)
