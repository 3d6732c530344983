"""Tables are as the models say."""

from django.core.management import call_command


def test_no_change_of_a_model_lacks_its_migration(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
