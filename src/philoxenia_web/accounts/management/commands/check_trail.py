"""Whether the audit trail is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from philoxenia_web.accounts import audit


class Command(BaseCommand):
    """Recomputes the chain of the trail and names what was changed or taken out."""

    help = "Checks that no entry of the audit trail was changed or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the length and last hash of the chain, or each fault."""
        found = audit.faults()
        for link, entry, fault in found:
            self.stderr.write(f"link {link}, entry {entry}: {fault}")
        if found:
            raise CommandError(f"{len(found)} faults in the audit trail.")
        number, digest = audit.head()
        self.stdout.write(f"The trail is whole: {number} entries, last hash {digest}.")
