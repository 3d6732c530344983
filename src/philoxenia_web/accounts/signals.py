"""What the accounts app tells other apps."""

from django.dispatch import Signal

# A person's access ended at once: whoever keeps tokens ends them too. Sent with `person_id`.
access_ended = Signal()
