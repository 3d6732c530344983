"""Reads a page as a browser would: elements, attributes, text; for tests that ask what is in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    """One opening tag with its attributes and the text directly after it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class PageReader(HTMLParser):
    """All elements of a page in order."""

    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.elements[-1].text += data

    def all(self, *tags: str) -> list[Element]:
        """The elements of these tags, in order."""
        return [element for element in self.elements if element.tag in tags]


def read(page: str) -> PageReader:
    """A page that was read to its end."""
    reader = PageReader()
    reader.feed(page)
    return reader
