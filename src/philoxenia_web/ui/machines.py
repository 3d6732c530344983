"""Machines of states on a page: drawn as wires beside a list of states, and the same in words.

Every state is a box that lists what can be done in it; each state has a lane of its own, and whatever leads
to it runs along that lane. So no line is labelled, none lies on another, and the drawing is narrow enough for
a phone. In a right-to-left page the lanes are on the left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from philoxenia.report.tokens import LIGHT, with_tokens
from philoxenia.vocabulary.states import Machine, Step

_SIZE, _HEAD, _LINE, _GAP, _LANE = 14.0, 30.0, 22.0, 16.0, 13.0
_PADDING, _LEAST, _MOST = 12.0, 180.0, 330.0
# About the width of a letter of the system's faces, as a share of its size.
_LETTER = 0.56


@dataclass(frozen=True)
class Shown:
    """A machine with what its states, verbs and actors are called; `words` are lazy translations."""

    machine: Machine
    title: Any
    words: Mapping[str, Any]

    def word(self, code: str) -> str:
        """What a state, a verb or an actor is called; its code with spaces where nobody named it."""
        return str(self.words.get(code) or code.replace("_", " "))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The text equivalent: each state with its steps, in the order of the drawing."""
        machine = self.machine
        return [
            {
                "state": self.word(state),
                "first": state == machine.first,
                "end": state in machine.ends,
                "steps": [
                    {"verb": self.word(one.verb), "by": self.word(one.by), "after": self.word(one.after)}
                    for one in machine.steps_from(state)
                ],
            }
            for state in machine.states
        ]


_MACHINES: dict[str, Shown] = {}


def add_machine(machine: Machine, title: Any, words: Mapping[str, Any] | None = None) -> None:
    """Called in an app's `ready`: show the machine on the page of all machines, with its words."""
    _MACHINES[machine.name] = Shown(machine, title, words or {})


def machines() -> list[Shown]:
    """Every machine that an app shows, by title."""
    return sorted(_MACHINES.values(), key=lambda one: str(one.title))


@dataclass(frozen=True)
class _Box:
    state: str
    top: float
    steps: tuple[Step, ...]

    @property
    def height(self) -> float:
        return _HEAD + _LINE * len(self.steps) + (6 if self.steps else 0)

    @property
    def middle(self) -> float:
        return self.top + _HEAD / 2

    def port(self, place: int) -> float:
        """The height at which the wire of a step leaves."""
        return self.top + _HEAD + _LINE * (place + 0.5)


def svg_of(shown: Shown, right_to_left: bool = False) -> SafeString:
    """The drawing, in colours that follow dark mode; the list beside it says the same to readers."""
    boxes = _boxes(shown.machine)
    wide = _width(shown)
    lanes = _lanes(shown.machine)
    total = wide + _LANE * (len(lanes) + 1) + 8
    height = max(box.top + box.height for box in boxes.values()) + 4
    drawing = "".join((*_wires(boxes, lanes, wide), *_squares(shown, boxes, wide)))
    mirrored = f' transform="translate({total:g} 0) scale(-1 1)"' if right_to_left else ""
    words = "".join(_words(shown, boxes, wide, total, right_to_left))
    return mark_safe(  # noqa: S308 (every word is escaped)
        f'<svg class="machine" aria-hidden="true" focusable="false" viewBox="0 0 {total:g} {height:g}" '
        f'width="{total:g}" height="{height:g}">'
        f"{with_tokens(f'<g{mirrored}>{drawing}</g>{words}')}</svg>"
    )


def _boxes(machine: Machine) -> dict[str, _Box]:
    found, top = {}, 2.0
    for state in machine.states:
        found[state] = _Box(state, top, machine.steps_from(state))
        top += found[state].height + _GAP
    return found


def _width(shown: Shown) -> float:
    lines = [f"{_line(shown, one)}xx" for one in shown.machine.steps]
    heads = [f"{shown.word(state)}xxxx" for state in shown.machine.states]
    widest = max(map(len, lines + heads)) * _SIZE * _LETTER + 2 * _PADDING
    return min(max(widest, _LEAST), _MOST)


def _line(shown: Shown, one: Step) -> str:
    return f"{shown.word(one.verb)} · {shown.word(one.by)}"


def _lanes(machine: Machine) -> dict[str, int]:
    """A lane for each state that something leads to; those with short ways lie nearest to the boxes."""
    place = {state: number for number, state in enumerate(machine.states)}
    reach: dict[str, int] = {}
    for one in machine.steps:
        far = max(abs(place[one.after] - place[state]) for state in one.before)
        reach[one.after] = max(far, reach.get(one.after, 0))
    ordered = sorted(reach, key=lambda state: (reach[state], place[state]))
    return {state: number for number, state in enumerate(ordered)}


def _wires(boxes: dict[str, _Box], lanes: dict[str, int], wide: float) -> Iterator[str]:
    """For each state the lane that leads to it: joined by a dot at every step, an arrow at its head."""
    for state, lane in lanes.items():
        x, end = wide + _LANE * (lane + 1), boxes[state].middle
        joined = [
            box.port(place)
            for box in boxes.values()
            for place, one in enumerate(box.steps)
            if one.after == state
        ]
        colour = _colour(lane)
        low, high = min([*joined, end]), max([*joined, end])
        yield f'<path d="M{x:g},{low:g}V{high:g}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
        for y in joined:
            yield f'<path d="M{wide:g},{y:g}H{x:g}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
            yield f'<circle cx="{x:g}" cy="{y:g}" r="2.6" fill="{colour}"/>'
        yield f'<path d="M{x:g},{end:g}H{wide + 6:g}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
        yield f'<path d="M{wide + 1:g},{end:g}l8,-4.5v9z" fill="{colour}"/>'


def _colour(lane: int) -> str:
    return LIGHT[("aegean", "terracotta", "olive", "stone-3", "ink-soft")[lane % 5]]


def _squares(shown: Shown, boxes: dict[str, _Box], wide: float) -> Iterator[str]:
    for box in boxes.values():
        ends, first = box.state in shown.machine.ends, box.state == shown.machine.first
        edge = LIGHT["ink"] if first else LIGHT["stone-3"]
        fill = LIGHT["paper-deep"] if ends else LIGHT["paper"]
        thick = 2 if first else 1.2
        yield (
            f'<rect x="1" y="{box.top:g}" width="{wide - 1:g}" height="{box.height:g}" rx="6" '
            f'fill="{fill}" stroke="{edge}" stroke-width="{thick}"/>'
        )
        if ends:
            # A second edge, as on maps of states: nothing leads on.
            yield (
                f'<rect x="4" y="{box.top + 3:g}" width="{wide - 7:g}" height="{box.height - 6:g}" rx="4" '
                f'fill="none" stroke="{edge}" stroke-width="1"/>'
            )


def _words(
    shown: Shown, boxes: dict[str, _Box], wide: float, total: float, right_to_left: bool
) -> Iterator[str]:
    x = total - _PADDING if right_to_left else _PADDING
    way = "rtl" if right_to_left else "ltr"
    room = wide - 2 * _PADDING
    for box in boxes.values():
        told = shown.word(box.state)
        yield _text(told, x, box.middle, way, room, LIGHT["ink"], 'font-weight="650"')
        for place, one in enumerate(box.steps):
            yield _text(_line(shown, one), x, box.port(place), way, room, LIGHT["ink-soft"])


def _text(words: str, x: float, y: float, way: str, room: float, colour: str, more: str = "") -> str:
    # Words that are too long for the widest box are drawn together, never over the wires.
    long = len(words) * _SIZE * _LETTER > room
    tight = f' textLength="{room:g}" lengthAdjust="spacingAndGlyphs"' if long else ""
    return (
        f'<text x="{x:g}" y="{y + _SIZE * 0.35:g}" direction="{way}" font-size="{_SIZE:g}" fill="{colour}" '
        f"{more}{tight}>{escape(words)}</text>"
    )
