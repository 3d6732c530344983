"""Looks at the bytes of a document, never at what its name says it is; what could run is refused.

Images are drawn anew, smaller and without what a camera wrote beside them (place, time, device). A PDF is
kept as it is, unless it can start something or carries other files; nothing scans for viruses.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from philoxenia_web.casework.refusals import NotPossible

PDF, JPEG = "application/pdf", "image/jpeg"
MOST_BYTES = 10 * 2**20
# A page of A4 at 300 dots an inch is 8.7 million.
MOST_PIXELS, LONGEST_SIDE, QUALITY = 40_000_000, 2_400, 85
_MOST_INFLATED = 64 * 2**20
_MOST_STREAMS = 20_000
_STARTS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
# ISO 32000-1:2008: actions (12.6), embedded files (7.11.4), rich media (13), forms of XFA (12.7.8).
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE)(?![A-Za-z0-9])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# The lines a machine reads at the foot of a passport or card (ICAO Doc 9303): letters and fillers.
# Such a line has 44 letters at most; without that bound a long run of letters takes hours.
_MACHINE_READ = re.compile(rb"[PIACV][A-Z<][A-Z]{3}[A-Z<]{5,35}<<[A-Z<]{4}")
_IDENTITY = re.compile(
    r"passport|passeport|pasaporte|reisepass|паспорт|διαβατ|جواز|identity.?card|(?<![^\W\d_])id.?card|"
    r"driv\w+.?licen|(?:residen\w+|work|study|stay|entry|immigration).?permit|(?<![^\W\d_])visa(?!.?card)|"
    r"بطاقة.?هوية",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CheckedFile:
    """What may be sealed."""

    content: bytes
    media_type: str


def checked_file(content: bytes, name: str = "") -> CheckedFile:
    """The file as it is kept. Raises `NotPossible` with a sentence for what is not taken in."""
    if not content:
        raise NotPossible(_("The file is empty. Choose another."))
    if len(content) > MOST_BYTES:
        raise NotPossible(_("The file is larger than 10 MB. Photograph or scan it smaller."))
    if _IDENTITY.search(name):
        raise _identity()
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    known = next((format for start, format in _STARTS.items() if content.startswith(start)), "")
    if not known:
        raise NotPossible(_("Only PDF files and photographs (JPEG, PNG, WebP) are kept here."))
    return CheckedFile(_drawn_anew(content, known), JPEG)


def _identity() -> NotPossible:
    return NotPossible(
        _("This looks like an identity document. Those are looked at and never kept. Nothing was stored.")
    )


def _pdf(content: bytes) -> CheckedFile:
    if b"%%EOF" not in content[-2048:]:
        raise NotPossible(_("The PDF file is cut off. Make it again."))
    if b"/Encrypt" in content:
        raise NotPossible(_("The PDF file has a password, so it cannot be looked at. Save it without one."))
    for piece in _pieces(content):
        if _ACTIVE.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), piece)):
            raise NotPossible(
                _("The PDF file can start something or carries other files. Print it to a new PDF file.")
            )
        if _MACHINE_READ.search(piece):
            raise _identity()
    return CheckedFile(content, PDF)


def _pieces(content: bytes) -> Iterator[bytes]:
    """The file, and what of it is packed: objects can hide in compressed streams."""
    yield content
    room = _MOST_INFLATED
    for number, begins in enumerate(_streams(content)):
        if number >= _MOST_STREAMS:
            room = 0
            break
        try:
            # What is packed knows its own end: no pattern looks for one, which takes hours where none comes.
            piece = zlib.decompressobj().decompress(memoryview(content)[begins:], room)
        except zlib.error:
            continue
        yield piece
        room -= len(piece)
        if room <= 0:
            break
    if room <= 0:
        raise NotPossible(_("The PDF file unpacks to more than is looked at. Make it smaller."))


def _streams(content: bytes) -> Iterator[int]:
    """Where the bytes of each stream begin (ISO 32000-1:2008, 7.3.8)."""
    at = 0
    while (at := content.find(b"stream", at)) >= 0:
        at += len(b"stream")
        begins = at + (content[at : at + 1] == b"\r")
        yield begins + (content[begins : begins + 1] == b"\n")


def _drawn_anew(content: bytes, known: str) -> bytes:
    # Pillow is loaded when the first photograph comes, not when the server starts.
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(content), formats=[known]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotPossible(_("The photograph has too many points. Make it smaller."))
            drawn = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as damage:
        raise NotPossible(_("The photograph cannot be read. Take it again.")) from damage
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", drawn.size)
    fresh.paste(drawn)
    written = io.BytesIO()
    fresh.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
