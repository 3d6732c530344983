"""Colours by what they mean. The one place with colour values: style sheet, charts, maps and PDF read it.

The values of `LIGHT` are all different, so that a picture drawn in them can be turned to tokens afterwards.
"""

import re

LIGHT = {
    "ink": "#1d2433",
    "ink-soft": "#4c5363",
    "paper": "#fdfbf7",
    "paper-deep": "#f5f0e6",
    "stone-1": "#e8e2d6",
    "stone-2": "#cfc8ba",
    "stone-3": "#8a8579",
    "aegean": "#0b5c8a",
    "olive": "#5d6b2f",
    "terracotta": "#b4532a",
    "honey": "#e0a526",
    "no-data": "#dcdbd7",
    "seq-1": "#faeee2",
    "seq-2": "#f0cfb4",
    "seq-3": "#e0a781",
    "seq-4": "#c97750",
    "seq-5": "#9f4420",
    "band-95": "#dbe6ea",
    "band-80": "#b5cfdc",
    "band-50": "#83b2ca",
    "gap-80": "#eecfbc",
    "div-1": "#69783a",
    "div-2": "#b3bd88",
    "div-3": "#f3eee2",
    "div-4": "#e3ab87",
    "div-5": "#b0512a",
}

DARK = {
    "ink": "#ece7dd",
    "ink-soft": "#b7b3aa",
    "paper": "#14181f",
    "paper-deep": "#1c222b",
    "stone-1": "#2b323d",
    "stone-2": "#434b58",
    "stone-3": "#8d8f92",
    "aegean": "#7cc0e8",
    "olive": "#b3c37c",
    "terracotta": "#ee9a70",
    "honey": "#edbd55",
    "no-data": "#3a3f47",
    "seq-1": "#33261f",
    "seq-2": "#5a3827",
    "seq-3": "#8b4f33",
    "seq-4": "#c1714a",
    "seq-5": "#f6b48d",
    "band-95": "#1d3140",
    "band-80": "#274a60",
    "band-50": "#376b8a",
    "gap-80": "#5c3a2b",
    "div-1": "#b7c97c",
    "div-2": "#6d7a45",
    "div-3": "#33302b",
    "div-4": "#8f5137",
    "div-5": "#f0a079",
}

_PAINT = re.compile(r'\b(fill|stroke)="(#[0-9a-f]{6})"')
_NAMES = {value: name for name, value in LIGHT.items()}


def custom_properties(palette: dict[str, str]) -> str:
    """The palette as CSS declarations."""
    return "".join(f"--{name}:{value};" for name, value in palette.items())


def with_tokens(svg: str) -> str:
    """The same picture with every colour of `LIGHT` replaced by its token, so that it follows dark mode."""
    return _PAINT.sub(_to_token, svg)


def _to_token(match: re.Match[str]) -> str:
    name = _NAMES.get(match[2])
    return match[0] if name is None else f'{match[1]}="var(--{name})"'
