"""Futures are laid on cores so that each is reckoned once, after one process has compiled."""

import fcntl
from pathlib import Path
from types import SimpleNamespace

import pytest

from philoxenia.scenarios.futures import kernel_cores


class Recorded:
    """Stands for the compiled kernel: remembers what it was asked, and whether the lock was held."""

    def __init__(self, folder: Path, signatures: tuple[str, ...] = ()) -> None:
        self.stats = SimpleNamespace(cache_path=str(folder / "made" / "beside"))
        self.signatures = signatures
        self.asked: list[tuple[object, int, int]] = []
        self.alone: list[bool] = []
        self.level: list[int] = []

    def __call__(self, argument: object, first: int, last: int) -> None:
        self.asked.append((argument, first, last))
        self.level.append(int(kernel_cores._settings.OPT))
        self.alone.append(not self._free())

    def _free(self) -> bool:
        folder = Path(self.stats.cache_path)
        if not folder.is_dir():
            return True
        with (folder / "futures.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("futures", [1, 7, 8, 9, 100])
def test_each_future_is_reckoned_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int, futures: int
) -> None:
    monkeypatch.setattr(kernel_cores._settings, "NUMBA_NUM_THREADS", threads)
    run = Recorded(tmp_path, ("compiled",))
    kernel_cores.spread(run, futures, "a")
    assert sorted(f for _, first, last in run.asked for f in range(first, last)) == list(range(futures))
    assert not any(run.alone)


def test_the_first_call_compiles_alone_and_quickly(tmp_path: Path) -> None:
    before = int(kernel_cores._settings.OPT)
    run = Recorded(tmp_path)
    kernel_cores.spread(run, 4, "a")
    assert run.asked[0] == ("a", 0, 0)
    assert (run.alone[0], run.level[0]) == (True, 1)
    assert (run.alone[1], run.level[1]) == (False, before)


def test_the_lock_is_given_back_where_compiling_fails(tmp_path: Path) -> None:
    class Broken(Recorded):
        def __call__(self, argument: object, first: int, last: int) -> None:
            super().__call__(argument, first, last)
            raise RuntimeError("no compiler")

    before, run = int(kernel_cores._settings.OPT), Broken(tmp_path)
    with pytest.raises(RuntimeError, match="no compiler"):
        kernel_cores.spread(run, 4, "a")
    assert run._free()
    assert int(kernel_cores._settings.OPT) == before
