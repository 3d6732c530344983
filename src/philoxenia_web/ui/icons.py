"""Signs of our own, a few strokes each on a grid of 24, in one sprite that is fetched once."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "ui/icons.svg"

ICONS = {
    "door": '<path d="M6 20V3.5h9V20M15 5.5l4.5 2V22L15 20M3 20h12M17 13v1.5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "sort": '<path d="M8.5 9.5L12 6l3.5 3.5M8.5 14.5L12 18l3.5-3.5"/>',
    "up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "down": '<path d="M12 5v14M6 13l6 6 6-6"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "previous": '<path d="M15 5l-7 7 7 7"/>',
    "more": '<path d="M6 9l6 6 6-6"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4 20h16"/>',
    "upload": '<path d="M12 16V5M7 9.5l5-5 5 5M4 20h16"/>',
    "file": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "table": '<path d="M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14"/>',
    "map": '<path d="M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14"/>',
    "chart": '<path d="M4 4v16h16M7.500 15l4-5 3.500 3L20 7"/>',
    "people": '<circle cx="9" cy="8" r="3.200"/><path d="M3 20c0-4 2.500-6 6-6s6 2 6 6M15.500 5.200a3.200 3.200 0 010 5.600M17.500 14.500c2.300.8 3.500 2.700 3.500 5.500"/>',
    "person": '<circle cx="12" cy="8" r="3.600"/><path d="M5 20.500c0-4.300 2.800-6.500 7-6.500s7 2.200 7 6.500"/>',
    "language": '<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17"/>',
    "light": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M5.600 18.400L7 17M17 7l1.400-1.400"/>',
    "dark": '<path d="M19.500 14.500A8 8 0 019.500 4.500a8 8 0 1010 10z"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l8-8M16 7l3 3"/>',
    "lock": '<path d="M5 11h14v10H5zM8 11V7.500a4 4 0 018 0V11"/>',
    "share": '<circle cx="6" cy="12" r="2.500"/><circle cx="18" cy="6" r="2.500"/><circle cx="18" cy="18" r="2.500"/><path d="M8.300 11l7.400-4M8.300 13l7.400 4"/>',
    "link": '<path d="M10 14l4-4M8.500 11.500L6 14a3 3 0 104 4l2.500-2.500M15.500 12.500L18 10a3 3 0 10-4-4l-2.500 2.500"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "edit": '<path d="M4 20l1-4.500L16 4.500l3.500 3.500-11 11zM13.500 7l3.500 3.500"/>',
    "bin": '<path d="M5 7h14M9.500 7V4h5v3M7 7l1 13h8l1-13"/>',
    "again": '<path d="M19 12a7 7 0 11-2.200-5.100M19 4v4h-4"/>',
    "compare": '<path d="M4 5h6v14H4zM14 5h6v14h-6z"/>',
    "gear": '<circle cx="12" cy="12" r="3"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.200 2.200M16.200 16.200l2.200 2.200M5.600 18.400l2.200-2.200M16.200 7.800l2.200-2.200"/>',
    "clock": '<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5.500l3.500 2"/>',
    # Kinds: every one has an outline of its own, so that colour is never alone.
    "info": '<circle cx="12" cy="12" r="8.500"/><path d="M12 11v5.500M12 7.500v.200"/>',
    "done": '<circle cx="12" cy="12" r="8.500"/><path d="M8 12.500l2.800 2.800L16 9.500"/>',
    "attention": '<path d="M12 4l9 16H3zM12 10v5M12 17.500v.200"/>',
    "problem": '<path d="M8.500 3.500h7l5 5v7l-5 5h-7l-5-5v-7zM9 9l6 6M15 9l-6 6"/>',
    "waiting": '<circle cx="12" cy="12" r="8.500" stroke-dasharray="4 2.700"/><path d="M12 8v4l2.500 2"/>',
}  # fmt: skip


def sprite() -> str:
    """All signs as one SVG file."""
    symbols = "".join(
        f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>' for name, drawn in ICONS.items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def icon_markup(name: str, words: str = "") -> SafeString:
    """A sign for a page; `next` and `previous` follow the direction of the text."""
    if name not in ICONS:
        raise KeyError(f"There is no icon called {name!r}; there are {', '.join(sorted(ICONS))}.")
    said = format_html('role="img" aria-label="{}"', words) if words else SafeString('aria-hidden="true"')
    address = f"{static(SPRITE)}#{name}"
    return format_html(
        '<svg class="icon icon-{}" {} focusable="false"><use href="{}"/></svg>', name, said, address
    )
