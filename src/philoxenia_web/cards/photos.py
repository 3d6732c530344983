"""Photos for cards: what comes in is read as a picture, cut, and written anew; nothing else of it stays."""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from philoxenia.reference import default_parameters
from philoxenia_web.cards.refusals import NotPossible

MEDIA_TYPE = "image/jpeg"
MOST_BYTES = 10 * 2**20
# Width to height of the photo on a card, 25 by 32 mm.
SHAPE = 25 / 32
_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = 60_000_000
_LEAST_PIXELS = 240
_QUALITY = 88


def card_photo(content: bytes, centre_x: float = 0.5, centre_y: float = 0.42, share: float = 1.0) -> bytes:
    """A JPEG in the card's shape, without metadata. The cut keeps `share` of the largest that fits.

    Raises `NotPossible` for what is no photo, or is too large or too small.
    """
    if len(content) > MOST_BYTES:
        raise NotPossible(_("This picture is too large; at most 10 MB are taken."))
    picture = _read(content)
    cut = picture.crop(_box(picture.size, centre_x, centre_y, share))
    if min(cut.size) < _LEAST_PIXELS:
        raise NotPossible(_("This picture is too small to print. Take it again from nearer."))
    longest = int(default_parameters()["casework.card_photo_pixels"])
    cut.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    # Pixels alone go into a new picture: no place, time, device, profile or thumbnail.
    fresh = Image.new("RGB", cut.size)
    fresh.paste(cut)
    stream = io.BytesIO()
    fresh.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return stream.getvalue()


def _read(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            if picture.width * picture.height > _MOST_PIXELS:
                raise NotPossible(_("This picture has too many points. Take it with a smaller size."))
            return ImageOps.exif_transpose(picture).convert("RGB")
    except NotPossible:
        raise
    except Exception as fault:
        # A damaged picture makes its decoder fail in many ways.
        raise NotPossible(_("This is not a photo that can be read. Take a JPEG, PNG or WebP.")) from fault


def _box(size: tuple[int, int], centre_x: float, centre_y: float, share: float) -> tuple[int, int, int, int]:
    """The cut in the card's shape around a centre, moved so that it lies within the picture."""
    width, height = size
    tall = min(height, width / SHAPE) * min(max(share, 0.2), 1.0)
    wide = tall * SHAPE
    left = min(max(centre_x * width - wide / 2, 0), width - wide)
    top = min(max(centre_y * height - tall / 2, 0), height - tall)
    return int(left), int(top), int(left + wide), int(top + tall)
