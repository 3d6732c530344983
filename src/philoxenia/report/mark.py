"""The mark: a doorway seen at an angle, light falling out of it. Five strokes, our own."""

import base64

from philoxenia.report.tokens import LIGHT, with_tokens

_SHAPES = (
    f'<path d="M8 25.5V3h12.5v22.5L14 31H1.5z" fill="{LIGHT["honey"]}"/>'
    f'<path d="M8 25.5V3h12.5" stroke="{LIGHT["ink"]}" fill="none"/>'
    f'<path d="M20.5 3l8 3.6v23l-8-4.1z" fill="{LIGHT["paper"]}" stroke="{LIGHT["ink"]}"/>'
    f'<path d="M23.7 16.3v2" stroke="{LIGHT["ink"]}" fill="none"/>'
)


def mark(stroke_width: float = 2.0) -> str:
    """The mark in the light colours, for print and the icon."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" '
        f'stroke-width="{stroke_width:g}" stroke-linejoin="round" stroke-linecap="round">{_SHAPES}</svg>'
    )


def mark_inline(stroke_width: float = 2.0) -> str:
    """The mark in tokens, for a page; its neighbours say the name."""
    return with_tokens(mark(stroke_width)).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def icon() -> str:
    """The mark as the address of a page's icon."""
    return "data:image/svg+xml;base64," + base64.b64encode(mark(2.4).encode()).decode()
