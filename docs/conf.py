"""Sphinx configuration of the documentation.

Pages link to one another, to root pages and to other files by relative paths, as they read in the
repository. The site shows the root pages under project/, and other files as downloads.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ("ARCHITECTURE", "GLOSSARY", "CONTRIBUTING", "SECURITY", "CHANGELOG")
ROOT_PAGES = {f"project/{name.lower()}": f"{name}.md" for name in SHOWN}

project = "Philoxenia"
author = "The Philoxenia contributors"
copyright = "The Philoxenia contributors, Apache-2.0"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Philoxenia"
html_static_path: list[str] = []
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5c8a", "color-brand-content": "#0b5c8a"},
    "dark_css_variables": {"color-brand-primary": "#7fb8da", "color-brand-content": "#7fb8da"},
}


def show_root_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """Put a root page in the place of its stub, and lead every link to a root page to where it is shown."""
    if page in ROOT_PAGES:
        text = (ROOT / ROOT_PAGES[page]).read_text(encoding="utf-8")
        # From project/ a path that begins in the root begins two folders up.
        source[0] = re.sub(r"\]\((?!https?:|#)", "](../../", text).replace("](../../docs/", "](/")
    for shown, name in ROOT_PAGES.items():
        source[0] = re.sub(rf"\]\((\.\./)+{name}", f"](/{shown}.md", source[0])


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", show_root_pages)
