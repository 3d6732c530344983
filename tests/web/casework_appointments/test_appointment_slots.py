"""The search for a slot, held against trying every beginning; clocks put back; the calendar's format."""

from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from philoxenia_web.casework.appointments.ics import Event, calendar, folded
from philoxenia_web.casework.appointments.quanta import (
    Span,
    Weekly,
    bits,
    mask_of,
    moment_of,
    opened,
    piece_of,
    span_of,
    starts,
)
from philoxenia_web.casework.appointments.slots import Ask, Resource, slots
from philoxenia_web.casework.appointments.slots_plain import slots_plain

_BEGIN = 5_900_000
_spans = st.lists(
    st.builds(
        lambda first, length: Span(_BEGIN + first, _BEGIN + first + length),
        st.integers(-10, 60),
        st.integers(0, 30),
    ),
    max_size=4,
).map(tuple)


@st.composite
def _resources(draw: st.DrawFn, kind: int, least: int = 0) -> list[Resource]:
    drawn = draw(st.lists(st.tuples(_spans, _spans), min_size=least, max_size=3))
    return [Resource(UUID(int=kind * 100 + number), *spans) for number, spans in enumerate(drawn)]


_asks = st.builds(
    Ask,
    window=st.integers(1, 70).map(lambda length: Span(_BEGIN, _BEGIN + length)),
    length=st.integers(1, 12),
    step=st.sampled_from([1, 2, 3, 6]),
    workers=_resources(1),
    rooms=st.none() | _resources(2),
    interpreters=st.none() | _resources(3),
    resident=st.none() | _resources(4, least=1).map(lambda some: some[0]),
)


@given(_asks)
def test_the_fast_search_finds_what_trying_everything_finds(ask: Ask) -> None:
    assert list(slots(ask)) == list(slots_plain(ask))


@given(st.integers(0, 2**80), st.integers(1, 90))
def test_runs_of_free_pieces_begin_where_so_many_follow(free: int, length: int) -> None:
    run = (1 << length) - 1
    assert list(bits(starts(free, length))) == [bit for bit in range(81) if free >> bit & run == run]


def test_nine_to_five_is_eight_hours_on_the_days_the_clocks_change() -> None:
    zone = ZoneInfo("America/Toronto")
    # Sunday 1 November 2026: at two the clocks go back to one.
    window = span_of(datetime(2026, 11, 1, tzinfo=zone), datetime(2026, 11, 2, tzinfo=zone))
    assert window.end - window.first == 25 * 12
    (day,) = opened([Weekly(6, time(9), time(17))], zone, Span(window.first, window.end - 12))
    assert day.end - day.first == 8 * 12
    assert moment_of(day.first).astimezone(zone).hour == 9
    (night,) = opened([Weekly(6, time(0, 30), time(3))], zone, Span(window.first, window.end - 12))
    assert night.end - night.first == 3.5 * 12


def test_hours_that_end_within_a_piece_leave_it_closed_and_what_is_taken_takes_it_whole() -> None:
    window = Span(piece_of(datetime(2026, 11, 23, tzinfo=UTC)), piece_of(datetime(2026, 11, 24, tzinfo=UTC)))
    (day,) = opened([Weekly(0, time(9, 2), time(10, 3))], ZoneInfo("UTC"), window)
    assert (moment_of(day.first).minute, moment_of(day.end).minute) == (5, 0)
    taken = span_of(datetime(2026, 11, 23, 9, 2, tzinfo=UTC), datetime(2026, 11, 23, 10, 3, tzinfo=UTC))
    assert (moment_of(taken.first).minute, moment_of(taken.end).minute) == (0, 5)


@given(_spans, st.integers(1, 60))
def test_a_mask_holds_the_pieces_of_its_spans(spans: tuple[Span, ...], length: int) -> None:
    window = Span(_BEGIN, _BEGIN + length)
    found = {_BEGIN + bit for bit in bits(mask_of(spans, window))}
    assert found == {
        piece for piece in range(window.first, window.end) if any(s.first <= piece < s.end for s in spans)
    }


_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(_words, _words)
def test_a_calendar_can_be_read_back_and_no_line_is_longer_than_75_octets(summary: str, place: str) -> None:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC)
    sent = calendar("Desk", [Event("1@x", moment, moment, summary, moment, location=place)])
    assert all(len(line) <= 75 for line in sent.split(b"\r\n"))
    lines = sent.decode().replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert {line.split(":")[0] for line in lines if line} <= _PROPERTIES
    (told,) = [line.removeprefix("SUMMARY:") for line in lines if line.startswith("SUMMARY:")]
    assert _read_back(told) == _plain(summary)


_PROPERTIES = {
    *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "UID", "DTSTAMP", "CLASS"),
    *("LAST-MODIFIED", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION"),
}


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in text if one == "\n" or (one >= " " and one != "\x7f"))


def _read_back(value: str) -> str:
    """Unescaped sign by sign, as RFC 5545 3.3.11 says."""
    signs, read = iter(value), ""
    for sign in signs:
        if sign == "\\":
            after = next(signs)
            read += "\n" if after == "n" else after
        else:
            assert sign not in ";,"
            read += sign
    return read


def test_a_folded_sign_is_never_cut() -> None:
    assert folded("é" * 50).split("\r\n ") == ["é" * 37, "é" * 13]
