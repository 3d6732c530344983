"""Editions as files: parts named by their hash, a manifest that is written last, marks of older editions.

Owns the format. A line is a row as objects of JSON with tabs between them, alike with alike (see `GROUPS`);
in a part all first objects stand before all second ones, which packs a sixth smaller. All lines in order are
the edition, their SHA-256 its digest. Of an older one only hashes are kept: what was taken out is gone.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

from philoxenia.lake.files import write_whole

# Grows when a reader of the former would misread a row; phones then read the whole again.
FORMAT = 1
# Keys of a row that travel together; all others are the third group.
GROUPS = (
    ("i", "oi", "k"),
    ("p", "u", "e"),
    (),
    ("n", "a", "o", "d", "el", "ap", "do", "t", "c", "al", "st", "ss"),
)
_MANIFEST = "manifest.json"
_NAME = 20
_MARK = 16
_PACKINGS = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True)
class Line:
    """One row: its place in the order, the identity of its record, its JSON without line breaks."""

    key: str
    text: str

    @property
    def mark(self) -> tuple[str, str]:
        """Hashes of the record's identity and of the row."""
        return _hash(self.key)[:_MARK], _hash(self.text)[:_MARK]


@dataclass(frozen=True)
class Limits:
    """Parameters of an edition."""

    kept_editions: int
    difference_share: float
    lines_a_part: int


def line(key: str, row: Mapping[str, Any]) -> Line:
    """A row as a line; JSON writes neither tabs nor line breaks."""
    named = {name for group in GROUPS for name in group}
    groups = [group or tuple(sorted(row.keys() - named)) for group in GROUPS]
    return Line(key, "\t".join(_json({name: row[name] for name in group if name in row}) for group in groups))


def row_of(text: str) -> dict[str, Any]:
    """The row of a line."""
    return {name: value for group in text.split("\t") for name, value in json.loads(group).items()}


def part_of(lines: Iterable[str]) -> str:
    """Lines as they lie in a part."""
    return "\n".join("\n".join(column) for column in zip(*(one.split("\t") for one in lines), strict=True))


def lines_of(part: str) -> list[str]:
    """The lines of a part."""
    pieces = part.split("\n") if part else []
    size = len(pieces) // len(GROUPS)
    columns = [pieces[start : start + size] for start in range(0, len(pieces), size)] if size else []
    return ["\t".join(row) for row in zip(*columns, strict=True)]


def digest(lines: Iterable[Line]) -> str:
    """SHA-256 of all lines with a line break between them."""
    return _hash("\n".join(one.text for one in lines))


def parts(lines: list[Line], about: int) -> Iterator[list[Line]]:
    """Pieces of about so many lines. A border hangs on its line alone: one change moves no other."""
    piece: list[Line] = []
    for one in lines:
        piece.append(one)
        if int(_hash(one.key)[:8], 16) % about == 0 or len(piece) >= 2 * about:
            yield piece
            piece = []
    if piece:
        yield piece


class Shelf:
    """The folder of one language. `manifest()` is what phones may read; everything else hangs on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def manifest(self) -> dict[str, Any] | None:
        """The edition of today; None where none was made or its format is another."""
        with suppress(OSError, ValueError):
            told: dict[str, Any] = json.loads((self._folder / _MANIFEST).read_text(encoding="utf-8"))
            return told if told.get("format") == FORMAT else None
        return None

    def read(self, name: str, accepted: str = "gzip") -> tuple[bytes, str] | None:
        """A file and how it is packed: br or gzip where the reader accepts it, or plain."""
        for packing, ending in _PACKINGS.items():
            if packing in accepted:
                with suppress(OSError):
                    return (self._folder / f"{name}{ending}").read_bytes(), packing
        with suppress(OSError):
            return gzip.decompress((self._folder / f"{name}.gz").read_bytes()), ""
        return None

    def rows(self, manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Every row of the edition; fewer where another process is just taking it away."""
        for name, *_ in manifest["parts"]:
            content, _packing = self.read(name, "") or (b"", "")
            yield from map(row_of, lines_of(content.decode()))

    def publish(
        self, lines: Iterable[Line], words: Mapping[str, Any], about: Mapping[str, Any], limits: Limits
    ) -> dict[str, Any]:
        """Make the next edition of these lines; the same lines and words keep their number."""
        self._folder.mkdir(parents=True, exist_ok=True)
        ordered = sorted(lines, key=lambda one: one.key)
        before = self.manifest() or {"number": self._last_number()}
        total = digest(ordered)
        words_file = self._write(_json(words))
        same = before.get("digest") == total and before.get("words") == words_file
        number = before["number"] + (0 if same else 1)
        pieces = [
            [*self._write(part_of(one.text for one in piece)), len(piece)]
            for piece in parts(ordered, limits.lines_a_part)
        ]
        manifest = {
            **about,
            "format": FORMAT,
            "number": number,
            "rows": len(ordered),
            "digest": total,
            "parts": pieces,
            "words": words_file,
            "bytes": sum(piece[1] for piece in pieces) + words_file[1],
        }
        manifest["differences"] = self._differences(ordered, manifest, limits)
        self._keep_marks(number, ordered)
        text = _json(manifest)
        write_whole(self._folder / _MANIFEST, lambda place: place.write_text(text, encoding="utf-8"))
        self._forget(manifest, limits.kept_editions)
        return manifest

    def _differences(
        self, ordered: list[Line], manifest: Mapping[str, Any], limits: Limits
    ) -> dict[str, list[Any]]:
        """From each older edition to this one, where that is much less than the whole."""
        most = manifest["bytes"] * limits.difference_share
        found = {}
        for number in self._marked()[-limits.kept_editions :] if limits.kept_editions else []:
            if number >= manifest["number"]:
                continue
            told = difference(self._marks(number), ordered)
            head = {"from": number, "to": manifest["number"], "rows": len(ordered), **told.head}
            file = self._write("\n".join([json.dumps(head, separators=(",", ":")), *told.put]), most)
            if file:
                found[str(number)] = file
        return found

    def _write(self, text: str, most: float = float("inf")) -> list[Any]:
        """A file under its hash, packed: name and bytes on the way; empty where it would be too many."""
        content = text.encode()
        name = hashlib.sha256(content).hexdigest()[:_NAME]
        packed, tighter = self._folder / f"{name}.gz", self._folder / f"{name}.br"
        # The name says what is in it: most parts of an edition are those of the one before.
        if not (packed.is_file() and tighter.is_file()):
            short = gzip.compress(content, 9, mtime=0)
            if len(short) > most:
                return []
            _write_new(packed, short)
            _write_new(tighter, brotli.compress(content, quality=10))
        size = packed.stat().st_size
        return [name, size] if size <= most else []

    def _keep_marks(self, number: int, ordered: list[Line]) -> None:
        text = "\n".join(" ".join(one.mark) for one in ordered)
        write_whole(self._folder / f"{number}.marks", lambda place: place.write_text(text, encoding="utf-8"))

    def _marks(self, number: int) -> list[tuple[str, str]]:
        text = (self._folder / f"{number}.marks").read_text(encoding="utf-8")
        return [(row[:_MARK], row[_MARK + 1 :]) for row in text.splitlines()]

    def _marked(self) -> list[int]:
        return sorted(int(place.stem) for place in self._folder.glob("*.marks") if place.stem.isdigit())

    def _last_number(self) -> int:
        return max(self._marked(), default=0)

    def _forget(self, manifest: Mapping[str, Any], kept: int) -> None:
        """Files nothing points at any more; the oldest marks."""
        files = [*manifest["parts"], manifest["words"], *manifest["differences"].values()]
        named = {file[0] for file in files}
        for place in self._folder.iterdir():
            if place.suffix in _PACKINGS.values() and place.stem not in named:
                place.unlink(missing_ok=True)
        for number in self._marked()[: -kept - 1]:
            (self._folder / f"{number}.marks").unlink(missing_ok=True)


@dataclass(frozen=True)
class Difference:
    """`head` has `out`, positions in the old edition, and `at`, those of the lines `put` in the new one."""

    head: dict[str, list[int]]
    put: list[str]


def difference(old: list[tuple[str, str]], new: list[Line]) -> Difference:
    """What brings the old edition to the new one. What is taken out is a position: it names nothing."""
    now = dict(one.mark for one in new)
    before = dict(old)
    out = [position for position, (record, row) in enumerate(old) if now.get(record) != row]
    at = [position for position, one in enumerate(new) if before.get(one.mark[0]) != one.mark[1]]
    return Difference({"out": _steps(out), "at": _steps(at)}, [new[position].text for position in at])


def _steps(positions: list[int]) -> list[int]:
    """Each position as its distance from the one before: shorter, and the reader adds them up."""
    return [position - before for before, position in zip([0, *positions], positions, strict=False)]


def _write_new(place: Path, content: bytes) -> None:
    if not place.is_file():
        write_whole(place, lambda unfinished: unfinished.write_bytes(content))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
