"""Files for the browser that are made, not written: one style sheet, one script, the mark.

A finder of Django's static files, so that `collectstatic` gathers them and a developer's server serves
them fresh. Colours come from `philoxenia.report.tokens`; htmx comes from its wheel: neither is kept in
the repository twice.
"""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from philoxenia.report.mark import mark
from philoxenia.report.tokens import DARK, LIGHT, custom_properties

UI = Path(__file__).resolve().parent
STYLES = ("ground", "frame", "parts", "forms", "tables", "pictures", "print")
SCRIPTS = ("page", "answers", "pictures")


def tokens() -> str:
    """The colours as custom properties: light, and dark where the device or the visitor asks for it."""
    light, dark = custom_properties(LIGHT), custom_properties(DARK)
    return (
        f":root{{color-scheme:light;{light}}}"
        "@media (prefers-color-scheme:dark){"
        f":root:not([data-appearance=light]){{color-scheme:dark;{dark}}}}}"
        f":root[data-appearance=dark]{{color-scheme:dark;{dark}}}"
        f"@media print{{:root:root:root{{color-scheme:light;{light}}}}}"
    )


def style_sheet() -> str:
    """Everything a page looks like, in one file."""
    written = "".join((UI / "styles" / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return tokens() + squeezed(written) + _paints()


def _paints() -> str:
    """A class for each colour, for the gallery."""
    return "".join(f".paint-{name}{{fill:var(--{name})}}" for name in LIGHT)


def script() -> str:
    """htmx and our own few lines, in one file."""
    htmx = (files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js").read_text(encoding="utf-8")
    own = [(UI / "scripts" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    return ";\n".join([htmx.rstrip().rstrip(";"), *own])


def squeezed(css: str) -> str:
    """Without comments and idle space; strings in our style sheets hold neither."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).replace(";}", "}").strip()


MADE: dict[str, Callable[[], str]] = {
    "ui/philoxenia.css": style_sheet,
    "ui/philoxenia.js": script,
    "ui/mark.svg": lambda: mark(2.4),
}


class MadeFinder(BaseFinder):
    """Finds the files above; they are written under `var/made` when asked for."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.ENVIRONMENT.var) / "made")

    def check(self, **_kwargs: Any) -> list[Any]:
        """Nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """The place of one file."""
        if path not in MADE:
            return []
        place = self._written(path)
        return [place] if find_all else place

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """All files, written."""
        for path in MADE:
            self._written(path)
            yield path, self.storage

    def _written(self, path: str) -> str:
        place, content = Path(self.storage.path(path)), MADE[path]()
        if not place.is_file() or place.read_text(encoding="utf-8") != content:
            write_whole(place, content)
        return str(place)


def write_whole(place: Path, content: str) -> None:
    """Write a file beside its place and move it there, so that two who write at once do no harm."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, suffix=".part", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(place)
