"""The ledger keeps every entry whole, in order, whoever writes and whatever is killed."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from philoxenia.disclosure.ledger import LedgerError, read_ledger, writing


def filled(path: Path, count: int = 3) -> Path:
    for number in range(count):
        with writing(path) as book:
            book.add({"number": number})
    return path


def test_entries_come_back_in_order_and_name_the_one_before(tmp_path: Path) -> None:
    entries = read_ledger(filled(tmp_path / "ledger"))
    assert [entry.content["number"] for entry in entries] == [0, 1, 2]
    assert [entry.previous for entry in entries[1:]] == [entry.seal for entry in entries[:-1]]


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger"

    def write(name: str) -> None:
        for number in range(10):
            with writing(path) as book:
                book.add({"writer": name, "number": number})

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(write, "abc"))
    entries = read_ledger(path)
    assert sorted((e.content["writer"], e.content["number"]) for e in entries) == [
        (name, number) for name in "abc" for number in range(10)
    ]


def test_a_line_torn_by_a_kill_is_cut_off_and_the_rest_stands(tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger")
    whole = path.read_bytes()
    path.write_bytes(whole + whole.splitlines()[1][:40])
    assert len(read_ledger(path)) == 3
    assert [e.content["number"] for e in read_ledger(filled(path, 1))] == [0, 1, 2, 0]


@pytest.mark.parametrize("change", ["content", "lost", "order", "garbage"])
def test_a_ledger_changed_by_hand_is_refused(tmp_path: Path, change: str) -> None:
    path = filled(tmp_path / "ledger")
    lines = path.read_bytes().splitlines(keepends=True)
    if change == "content":
        entry = json.loads(lines[1])
        entry["content"]["number"] = 9
        lines[1] = json.dumps(entry).encode() + b"\n"
    elif change == "lost":
        del lines[1]
    elif change == "order":
        lines[0], lines[1] = lines[1], lines[0]
    else:
        lines[1] = b"not an entry\n"
    path.write_bytes(b"".join(lines))
    with pytest.raises(LedgerError, match="changed"):
        read_ledger(path)
