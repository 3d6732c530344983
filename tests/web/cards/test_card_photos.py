"""What comes in as a photo, and what of it stays."""

import io
import struct
import zlib

import pytest
from PIL import Image
from tests.web.cards.conftest import picture

from philoxenia_web.cards.photos import card_photo
from philoxenia_web.cards.refusals import NotPossible

MARK = b"SECRET-PLACE-1234"


def with_all_there_is() -> bytes:
    """A photo with a place, a device, a comment and a profile in it."""
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    exif[0x9286] = MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (43.65, 0.0, 0.0)
    return picture(exif=exif, comment=MARK, icc_profile=MARK * 20)


def test_metadata_are_gone() -> None:
    content = with_all_there_is()
    assert MARK in content
    made = card_photo(content)
    assert MARK not in made
    read = Image.open(io.BytesIO(made))
    assert not read.getexif() and set(read.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # Nothing hangs behind the end of the picture.
    assert made.endswith(b"\xff\xd9") and made.count(b"\xff\xd9") == 1


@pytest.mark.parametrize(("width", "height"), [(900, 1200), (4000, 600), (600, 4000), (400, 400)])
@pytest.mark.parametrize("cut", [(0.5, 0.4, 1.0), (0.0, 1.0, 0.7), (-9.0, float("inf"), 0.6)])
def test_the_cut_has_the_cards_shape(width: int, height: int, cut: tuple[float, float, float]) -> None:
    try:
        read = Image.open(io.BytesIO(card_photo(picture(width, height), *cut)))
    except NotPossible:
        assert min(width, height * 25 / 32) * cut[2] < 320
        return
    assert read.width / read.height == pytest.approx(25 / 32, rel=0.02)
    assert max(read.size) <= 720


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 points wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<svg onload=alert(1)>",
        picture()[:900],
        picture(form="GIF"),
        picture(200, 200),
        bomb(),
        b"\xff" * (10 * 2**20 + 1),
    ],
    ids=["empty", "pdf", "svg", "cut off", "gif", "small", "bomb", "large"],
)
def test_what_is_no_photo_gets_a_sentence(content: bytes) -> None:
    with pytest.raises(NotPossible):
        card_photo(content)


def test_a_turned_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    left_dark = Image.new("RGB", (1200, 900), "white")
    left_dark.paste("black", (0, 0, 600, 900))
    stream = io.BytesIO()
    left_dark.save(stream, "JPEG", exif=exif)
    read = Image.open(io.BytesIO(card_photo(stream.getvalue(), 0.5, 0.5)))
    assert (
        read.getpixel((read.width // 2, 5))[0]
        < 60
        < 200
        < read.getpixel((read.width // 2, read.height - 5))[0]
    )
