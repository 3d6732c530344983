"""The one style sheet of the public pages: its own few rules and the colours they use."""

import re
from pathlib import Path

from philoxenia.report.tokens import DARK, LIGHT, custom_properties
from philoxenia_web.ui.made import MADE, squeezed

ADDRESS = "directory/help.css"
_FILE = Path(__file__).resolve().parent / "help.css"


def style_sheet() -> str:
    """Colours that are used, light and dark, then the rules."""
    rules = squeezed(_FILE.read_text(encoding="utf-8"))
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", rules))
    light, dark = (
        custom_properties({name: value for name, value in palette.items() if name in used})
        for palette in (LIGHT, DARK)
    )
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@media print{{:root:root{{color-scheme:light;{light}}}}}{rules}"
    )


def register() -> None:
    """Let it be found among the files that are made."""
    MADE[ADDRESS] = style_sheet
