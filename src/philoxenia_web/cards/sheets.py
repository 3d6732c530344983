"""Cards set for print: a PDF with two pages a card, as a card printer takes it. Nothing lies on a disk."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from philoxenia.cards.payload import lettered, written
from philoxenia.exchange.settings import read_settings
from philoxenia.report.mark import mark
from philoxenia.report.tokens import LIGHT
from philoxenia_web.cards.face import Face
from philoxenia_web.cards.models import Card
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import card_rules

_FONTS = ["Noto Sans", "Liberation Sans", "Noto Sans Arabic", "DejaVu Sans", "Libertinus Serif"]
_RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True, repr=False)
class Sheet:
    """What is printed of one card. `photo` is a JPEG, or None."""

    card: Card
    face: Face
    token: bytes
    photo: bytes | None

    def __repr__(self) -> str:
        return "Sheet()"


def address_of(token: bytes) -> str:
    """What the QR sign holds: the page that checks cards, and the code after #, which no server sees."""
    return f"{settings.ENVIRONMENT.url}{reverse('card')}#{written(token)}"


def sign_of(token: bytes) -> str:
    """The QR sign as SVG, black on white, with error correction M (15 %)."""
    stream = io.BytesIO()
    segno.make(address_of(token), error="m", micro=False).save(
        stream, kind="svg", border=2, xmldecl=False, light="#fff"
    )
    return stream.getvalue().decode()


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """Front and back of each card. Raises `NotPossible` where it cannot be set."""
    # Half a second to load, for whoever prints first.
    import typst  # noqa: PLC0415

    # A card speaks the city's language, whatever that of who prints it.
    with translation.override(_language()):
        told = json.dumps(_told(sheets), ensure_ascii=False)
    source = (files("philoxenia_web.cards") / "card.typ").read_bytes()
    fonts = typst.Fonts(font_paths=_installed_fonts())
    try:
        return bytes(typst.compile(source, sys_inputs={"cards": told}, font_paths=fonts))
    except typst.TypstError as fault:
        raise NotPossible(_("The cards could not be set for print. Tell the operator.")) from fault


def _language() -> str:
    known = dict(settings.LANGUAGES)
    spoken = read_settings(Path(settings.ENVIRONMENT.city)).languages
    return next((code for code in spoken if code in known), settings.LANGUAGE_CODE)


def _installed_fonts() -> list[Path]:
    folders = [Path(str(files(entry.module))) / "files" for entry in entry_points(group="fontpkg.family")]
    return sorted(folder for folder in folders if folder.is_dir())


def _told(sheets: Sequence[Sheet]) -> dict[str, Any]:
    rules = card_rules()
    shown = [code for code in ("en", "fr", "ar") if code in rules.title]
    return {
        "tokens": LIGHT,
        "fonts": _FONTS,
        "language": _language(),
        "mark": mark(1.4).replace("<svg", '<svg color="white"', 1),
        "titles": [_line(code, rules.title[code]) for code in (shown[0], *shown[2:3])],
        "lost": [_line(code, rules.lost[code]) for code in shown if code in rules.lost],
        "words": _words(),
        "cards": [_card(one) for one in sheets],
    }


def _words() -> dict[str, str]:
    return {
        "title": _("City cards"),
        "name": _("Name"),
        "birth": _("Born"),
        "until": _("Good until"),
        "photo": _("Photo of the person"),
        "no_photo": _("No photo"),
        "sign": _("The code of this card"),
        "check": _("Is this card good?"),
        "check_more": _(
            "Point a phone's camera at the code. It needs no app and no account, and nobody learns who asks. "
            "The card says nothing of citizenship or permission to stay."
        ),
        "type": _("To type where there is no camera:"),
        "demonstration": _("Specimen: not a real card") if settings.ENVIRONMENT.demo else "",
    }


def _card(one: Sheet) -> dict[str, Any]:
    names = [name for name in (one.face.main, one.face.other) if name]
    return {
        "names": [_line("", name) for name in names],
        "birth": one.face.birth,
        "until": one.card.valid_until.isoformat(),
        "photo": list(one.photo) if one.photo else None,
        "sign": sign_of(one.token),
        "lines": lettered(one.token),
    }


def _line(language: str, text: str) -> dict[str, Any]:
    return {"text": _plain(text), "lang": language or "und", "rtl": _is_right_to_left(text)}


def _plain(text: str) -> str:
    """Without signs that turn the writing around: a name may not change what stands beside it."""
    return "".join(sign for sign in text if sign.isprintable())


def _is_right_to_left(text: str) -> bool:
    kinds = (bidirectional(sign) for sign in text)
    return next((kind != "L" for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), False)
