"""The first way into a new installation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from philoxenia_web.accounts.invitations import invite_first_administrator


class Command(BaseCommand):
    """Prints a link with which somebody becomes administrator."""

    help = "Invites an administrator and prints the link, for whoever sets the installation up."

    def add_arguments(self, parser: CommandParser) -> None:
        """The e-mail address."""
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Write the invitation and print its link."""
        invitation, path = invite_first_administrator(email)
        self.stdout.write(f"Open within {settings.INVITATION_DAYS} days: {settings.ENVIRONMENT.url}{path}")
        self.stdout.write(f"It makes {invitation.email} an administrator.")
