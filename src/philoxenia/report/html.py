"""The report as one page: works offline and without script, follows dark mode, prints well.

Owns markup and style; what is said comes from the document. A city's words are escaped, its names isolated.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from philoxenia.report.document import Document, Figure, Missing, Points, Table, Text
from philoxenia.report.geometry import Outlines
from philoxenia.report.maps import locator, outline_definitions
from philoxenia.report.mark import icon, mark_inline
from philoxenia.report.names import isolated, plain
from philoxenia.report.tokens import DARK, LIGHT, custom_properties, with_tokens

_KINDS = {Text: "text", Points: "points", Missing: "missing", Figure: "figure", Table: "table"}


def page(document: Document, shapes: Outlines, direction: str = "ltr") -> str:
    """The whole page. `direction` is that of the document's language: ltr or rtl."""
    anchors = {profile.id: profile.anchor for profile in document.profiles}
    names = {profile.id: profile.name for profile in document.profiles}
    style = style_sheet()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            document=document,
            direction=direction,
            style=Markup(style),  # noqa: S704  (our own file)
            policy=_policy(style),
            icon=icon(),
            definitions=_drawn(outline_definitions(shapes)),
            locator=_drawn(locator(names, shapes, anchors)) if shapes.paths else "",
            letters=_letters(document),
        )
    )


@cache
def style_sheet() -> str:
    """The tokens and the rules of the page, without idle space."""
    rules = (files("philoxenia.report") / "templates" / "report.css").read_text(encoding="utf-8")
    light, dark = custom_properties(LIGHT), custom_properties(DARK)
    tokens = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    lines = (line.strip() for line in rules.splitlines())
    return tokens + "".join(line for line in lines if line and not line.startswith("/*"))


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("philoxenia.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"say": isolated, "plain": plain, "drawn": _drawn}
    environment.globals |= {
        "kind": lambda block: _KINDS[type(block)],
        "mark": lambda width: Markup(mark_inline(width)),  # noqa: S704  (our own drawing)
    }
    return environment


def _drawn(svg: str) -> Markup:
    # Pictures are made by our own code, which escapes every name in them.
    return Markup(with_tokens(svg))  # noqa: S704


def _letters(document: Document) -> dict[str, str]:
    """The first profile of each initial, for jumping ahead in the index."""
    found: dict[str, str] = {}
    for profile in document.profiles:
        found.setdefault(plain(profile.name)[:1].upper(), profile.anchor)
    return found if len(found) > 1 else {}
