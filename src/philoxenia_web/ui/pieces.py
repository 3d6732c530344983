"""Files that come in pieces: what a script asks and sends, how it is answered, why a piece is refused.

In the spirit of tus 1.0: create, send pieces at an offset, ask for the offset, finish. Who keeps the pieces
knows how; here is what it says over the wire.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

# The parts of a multipart form around the file itself.
AROUND_BYTES = 64 * 1024
# The status tus gives to a piece that was changed on its way.
_WRONG_CHECKSUM = 460
_LONGEST_NAME = 200


class WrongOffset(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """A piece that does not follow on what is here; `offset` is where the next one must begin."""

    def __init__(self, offset: int) -> None:
        super().__init__(_("This piece does not follow on what is here."))
        self.offset = offset


class WrongChecksum(Exception):  # noqa: N818
    """A piece that was changed on the way; nothing of it was kept."""


def shown_name(name: str) -> str:
    """A file's name fit to be shown: no folders, no control or direction signs, not endless."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C")
    return " ".join(kept.split())[-_LONGEST_NAME:] or _("unnamed file")


def announced(request: HttpRequest) -> tuple[str, int] | None:
    """Name and size of a file that a script is about to send; None where it does not say them."""
    name, size = request.POST.get("name", ""), request.POST.get("size", "")
    return (name, int(size)) if name and _is_count(size) else None


def not_understood() -> JsonResponse:
    """The answer to a request that follows no rule of ours."""
    return refused(_("This request could not be understood."), 400)


def refused(said: str, status: int = 422, **more: Any) -> JsonResponse:
    """A refusal in words."""
    return JsonResponse({"said": said, **more}, status=status)


def not_whole(wrong: WrongOffset) -> JsonResponse:
    """The answer to who says it is all, while some is missing."""
    return refused(_("The file is not whole yet. Send what is missing."), 409, offset=wrong.offset)


def standing(offset: int, status: int = 200, **told: Any) -> JsonResponse:
    """How much is here, and what else the script is told."""
    answer = JsonResponse({"offset": offset, **told}, status=status)
    answer["Upload-Offset"] = str(offset)
    answer["Cache-Control"] = "no-store"
    return answer


def refusal_of_piece(
    request: HttpRequest,
    most: int,
    keep: Callable[[int, bytes, str], object],
    refusals: tuple[type[Exception], ...],
) -> JsonResponse | None:
    """Give `keep` the offset, the piece and its checksum; the answer where it is refused, else None.

    `most` is the largest piece in bytes, `refusals` what `keep` refuses with words for the person.
    """
    offset = request.headers.get("Upload-Offset", "")
    if not _is_count(offset):
        return not_understood()
    try:
        # Read from the stream: the body of a form would be held to a smaller limit.
        keep(int(offset), request.read(most + 1), request.headers.get("Upload-Checksum", ""))
    except WrongOffset as wrong:
        return refused(str(wrong), 409, offset=wrong.offset)
    except WrongChecksum as wrong:
        return refused(str(wrong), _WRONG_CHECKSUM)
    except refusals as refusal:
        return refused(str(refusal))
    except OSError:
        return refused(_("The server has no room for this file now. What was sent before is kept."), 507)
    return None


def _is_count(text: str) -> bool:
    """Digits only, and not so many that they could be no number of bytes."""
    return text.isascii() and text.isdigit() and len(text) < 13
