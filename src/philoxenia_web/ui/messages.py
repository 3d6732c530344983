"""`python -m philoxenia_web.ui.messages update | compile | check [language ...]`, without GNU gettext.

`update` puts every string of the application into each language's .po, keeps what is translated, and
compiles; `compile` makes the .mo files; `check` fails for a string untranslated, uncertain, or with other
places for values.
"""

import sys
from collections.abc import Callable, Sequence

from philoxenia_web.ui import catalogues
from philoxenia_web.ui.gathering import gather, unmarked_everywhere

_MOST_SHOWN = 40


def update(languages: Sequence[str]) -> list[str]:
    """Gather, merge, compile."""
    gathered = gather()
    for language in languages:
        catalogues.save(language, catalogues.updated(language, gathered))
        catalogue = catalogues.opened(language)
        _tell(f"{language}: {len(catalogue)} strings, {len(catalogue.untranslated_entries())} to translate")
    return []


def compile_all(languages: Sequence[str]) -> list[str]:
    """Make each .mo from its .po."""
    for language in languages:
        catalogue = catalogues.opened(language)
        catalogue.save_as_mofile(str(catalogues.place_of(language).with_suffix(".mo")))
    return []


def check(languages: Sequence[str]) -> list[str]:
    """Every fault of every language, and words in templates that nobody could translate."""
    gathered = gather()
    found = [fault for language in languages for fault in catalogues.faults(language, gathered)]
    bare = unmarked_everywhere().items()
    found += [f"{place}: not marked for translation: {text!r}" for place, said in bare for text in said]
    # What is wrong comes before what is only missing.
    return sorted(found, key=lambda fault: ": not translated: " in fault)


_COMMANDS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "update": update,
    "compile": compile_all,
    "check": check,
}


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0, 1 for faults, 2 for a command that is not there."""
    name, *asked = arguments or [""]
    languages = asked or list(catalogues.PLURALS)
    if name not in _COMMANDS or not set(languages) <= set(catalogues.PLURALS):
        _tell(f"{' | '.join(_COMMANDS)}, then any of {', '.join(catalogues.PLURALS)}")
        return 2
    faults = _COMMANDS[name](languages)
    for fault in faults[:_MOST_SHOWN]:
        _tell(fault)
    if len(faults) > _MOST_SHOWN:
        _tell(f"and {len(faults) - _MOST_SHOWN} more")
    return 1 if faults else 0


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
