"""The secret address of a waiting room's screen: its id and how often it was renewed, signed."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from philoxenia_web.casework.models.queue import Queue

_SALT = "casework.queue-screen"


def screen_address(queue: Queue) -> str:
    """Where the screen reads, whole."""
    token = signing.Signer(salt=_SALT).sign_object([queue.pk.hex, queue.screen])
    return settings.ENVIRONMENT.url + reverse("queue-screen", args=[token])


def queue_of(token: str) -> Queue | None:
    """The open waiting room of a token that is ours and not renewed since."""
    try:
        id_, screen = signing.Signer(salt=_SALT).unsign_object(token)
        return Queue.objects.filter(pk=UUID(hex=id_), screen=int(screen), active=True).first()
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
