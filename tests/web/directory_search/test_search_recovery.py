"""The index stays right when writers are killed, and while some write and others read."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.web.directory_search.shared_records import service

from philoxenia_web.directory.search import index
from philoxenia_web.directory.search.documents import Document, document
from philoxenia_web.directory.search.indexed import Engine
from philoxenia_web.directory.search.types import Query

HOURS = [{"freq": "DAILY", "opens_at": "09:00", "closes_at": "17:00"}]


def documents(count: int, name: str = "Food bank") -> list[Document]:
    return [document(service(f"s{number}", f"{name} {number}", schedules=HOURS)) for number in range(count)]


def dying(found: list[Document], after: int) -> Iterator[Document]:
    """Documents of which some are read before the process is killed, as by `kill -9`."""
    yield from found[:after]
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: object) -> None:
    """Run in a process of its own, which must die by the signal."""
    child = os.fork()
    if not child:
        try:
            work()  # type: ignore[operator]
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def total(root: Path, text: str) -> int:
    return Engine(root).find(Query(text=text), None).total


def test_a_killed_update_leaves_the_index_as_it_was_and_is_done_again(tmp_path: Path):
    index.rebuild(tmp_path, documents(20), 1)
    new = documents(20, "Dentist")
    killed(lambda: index.update(tmp_path, dying(new, 10), ["s19"], 2))
    assert (total(tmp_path, "food bank"), total(tmp_path, "dentist")) == (20, 0)
    folder = index.current_folder(tmp_path)
    assert folder is not None
    assert index.read_state(folder) == index.State(1)
    index.update(tmp_path, new[:19], ["s19"], 2)
    assert (total(tmp_path, "food bank"), total(tmp_path, "dentist")) == (0, 19)
    assert index.read_state(folder) == index.State(2)


def test_a_killed_rebuilding_leaves_the_old_index_and_is_swept(tmp_path: Path):
    index.rebuild(tmp_path, documents(5), 1)
    killed(lambda: index.rebuild(tmp_path, dying(documents(9), 4), 2))
    assert total(tmp_path, "food bank") == 5
    index.rebuild(tmp_path, documents(7), 2)
    index.rebuild(tmp_path, documents(8), 3)
    assert total(tmp_path, "food bank") == 8
    assert len([one for one in tmp_path.iterdir() if one.is_dir()]) == 2


def test_doing_an_update_twice_changes_nothing(tmp_path: Path):
    index.rebuild(tmp_path, documents(5), 1)
    for _ in range(2):
        index.update(tmp_path, documents(6, "Clinic"), ["s0"], 2)
    assert total(tmp_path, "clinic") == 6


def test_readers_see_the_old_or_the_new_whole_while_it_is_written(tmp_path: Path):
    index.rebuild(tmp_path, documents(12), 1)
    engine = Engine(tmp_path)
    seen = set()

    def read(_: int) -> tuple[int, int]:
        return engine.find(Query(text="food bank"), None).total, engine.find(Query(), None).total

    def write(step: int) -> None:
        if step % 3 == 0:
            index.rebuild(tmp_path, documents(12 if step % 2 else 24), step)
        else:
            index.update(tmp_path, documents(24)[12:] if step % 2 else [], [], step)

    with ThreadPoolExecutor(4) as readers:
        for step in range(2, 8):
            found = [readers.submit(read, number) for number in range(12)]
            write(step)
            seen |= {total for one in found for total in one.result()}
    assert seen <= {12, 24}
    assert 24 in seen | {engine.find(Query(), None).total}


def test_two_cannot_write_at_once(tmp_path: Path):
    def second() -> Iterator[Document]:
        with pytest.raises(index.BusyError):
            index.update(tmp_path, [], [], 9)
        yield from documents(1)

    assert index.rebuild(tmp_path, second(), 1) == 1


def test_hours_half_written_by_a_killed_process_are_read_over(tmp_path: Path):
    index.rebuild(tmp_path, documents(2), 1)
    folder = index.current_folder(tmp_path)
    assert folder is not None
    with (folder / "hours.ndjson").open("ab") as file:
        file.write(b'["half')
    index.update(
        tmp_path,
        [document(service("late", "Late shop", schedules=[{**HOURS[0], "opens_at": "20:00"}]))],
        [],
        2,
    )
    hours, _ = index.read_hours(folder)
    assert len(hours) == 2
