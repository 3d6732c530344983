"""Translations as files: one .po a language for people, one .mo beside it for the running application."""

from pathlib import Path

import polib

from philoxenia_web.ui.gathering import Gathered, Message, placeholders, tags

LOCALE = Path(__file__).resolve().parent / "locale"
# The rules by which a number chooses its form, from CLDR.
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",  # noqa: E501
    "el": "nplurals=2; plural=(n != 1);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",  # noqa: E501
}
# Forms that stand for one number alone may say it in a word.
_ONE_NUMBER_ALONE = {"fr": (0,), "es": (0,), "ar": (0, 1, 2), "el": (0,), "uk": ()}


def forms(language: str) -> int:
    """How many plural forms a language has."""
    return int(PLURALS[language].partition("=")[2].partition(";")[0])


def place_of(language: str) -> Path:
    """The file of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def opened(language: str) -> polib.POFile:
    """The catalogue of a language; a new one where there is none."""
    place = place_of(language)
    made = polib.pofile(str(place), wrapwidth=100) if place.is_file() else polib.POFile(wrapwidth=100)
    made.metadata = {
        "Project-Id-Version": "Philoxenia",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return made


def updated(language: str, gathered: Gathered) -> polib.POFile:
    """The catalogue with every string of the application; translations that are there stay."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in opened(language)}
    fresh = opened(language)
    fresh.clear()
    for key, message in sorted(
        gathered.messages.items(), key=lambda item: (item[1].text.casefold(), item[0])
    ):
        fresh.append(_entry(message, known.get(key), sorted(gathered.places[key]), forms(language)))
    return fresh


def _entry(message: Message, known: polib.POEntry | None, places: list[str], count: int) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    entry.occurrences = [(place, "") for place in places]
    if "%(" in message.text + message.plural:
        entry.flags = ["python-format"]
    if known is not None:
        entry.tcomment = known.tcomment
        entry.flags += [flag for flag in known.flags if flag == "fuzzy"]
    if not message.plural:
        entry.msgstr = known.msgstr if known is not None else ""
        return entry
    entry.msgid_plural = message.plural
    said = known.msgstr_plural if known is not None else {}
    entry.msgstr_plural = {form: said.get(form, "") for form in range(count)}
    return entry


def save(language: str, catalogue: polib.POFile) -> None:
    """Write both files."""
    place = place_of(language)
    place.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(place))
    catalogue.save_as_mofile(str(place.with_suffix(".mo")))


def faults(language: str, gathered: Gathered) -> list[str]:
    """What stands in the way of a whole translation, one sentence each."""
    catalogue = opened(language)
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue}
    found = [
        f"{language}: not in the catalogue: {message.text!r} ({', '.join(sorted(gathered.places[key]))})"
        for key, message in gathered.messages.items()
        if key not in known
    ]
    for key, entry in known.items():
        if key not in gathered.messages:
            found.append(f"{language}: no longer used: {entry.msgid!r}")
        else:
            found += [f"{language}: {fault}: {entry.msgid!r}" for fault in entry_faults(language, entry)]
    return found + stale(language, catalogue)


def stale(language: str, catalogue: polib.POFile) -> list[str]:
    """Whether the running application would say something else than the .po."""
    place = place_of(language).with_suffix(".mo")
    same = place.is_file() and place.read_bytes() == catalogue.to_binary()
    return [] if same else [f"{language}: django.mo is not made from django.po; run compile"]


def entry_faults(language: str, entry: polib.POEntry) -> list[str]:
    """What is wrong with one translation."""
    if entry.fuzzy:
        return ["marked as uncertain"]
    if entry.msgid_plural:
        return _plural_faults(language, entry)
    if not entry.msgstr.strip():
        return ["not translated"]
    return _differences(entry.msgid, entry.msgstr, placeholders(entry.msgid))


def _plural_faults(language: str, entry: polib.POEntry) -> list[str]:
    said = {int(form): text for form, text in entry.msgstr_plural.items()}
    if set(said) != set(range(forms(language))):
        return [f"has {len(said)} plural forms, not {forms(language)}"]
    if not all(text.strip() for text in said.values()):
        return ["not translated in every plural form"]
    found = []
    for form, text in said.items():
        wanted = placeholders(entry.msgid_plural)
        if form in _ONE_NUMBER_ALONE[language]:
            wanted &= placeholders(text)
        found += _differences(entry.msgid_plural, text, wanted)
    return found


def _differences(original: str, said: str, wanted: set[str]) -> list[str]:
    found = []
    if placeholders(said) != wanted:
        found.append(f"places for values differ ({', '.join(sorted(placeholders(said) ^ wanted))})")
    if tags(said) != tags(original):
        found.append("tags differ")
    if (original[:1].isspace(), original[-1:].isspace()) != (said[:1].isspace(), said[-1:].isspace()):
        found.append("spaces at its ends differ")
    return found
