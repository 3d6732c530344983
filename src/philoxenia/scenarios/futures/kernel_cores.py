"""Compiles the kernel once for a machine and lays futures on its cores.

Owns the lock under which one process compiles while others wait for its machine code, and threads; ignores
what the kernel does. Each future is reckoned by one thread alone, so that bytes do not depend on them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numba

try:
    import fcntl
except ImportError:  # Windows: two processes may both compile, which costs time and nothing else
    fcntl = None  # type: ignore[assignment]

# Futures a thread takes at a time: few enough that cores end together.
_BLOCK = 8
# Beyond this level LLVM took half as long again, for code that ran no faster.
_LEVEL = 1
_settings: Any = numba.config
_compiling = Lock()


def spread(run: Any, futures: int, *arguments: object) -> None:
    """Call `run(*arguments, first, last)` over all futures, on NUMBA_NUM_THREADS threads."""
    if not run.signatures:
        with _alone(Path(run.stats.cache_path)), _optimised():
            run(*arguments, 0, 0)
    threads = min(_settings.NUMBA_NUM_THREADS, -(-futures // _BLOCK))
    if threads <= 1:
        run(*arguments, 0, futures)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(_part(run, arguments, futures), range(0, futures, _BLOCK)))


def _part(run: Any, arguments: tuple[object, ...], futures: int) -> Callable[[int], None]:
    def part(first: int) -> None:
        run(*arguments, first, min(first + _BLOCK, futures))

    return part


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else compiles meanwhile: who comes later finds the machine code in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with _compiling, (folder / "futures.lock").open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _optimised() -> Iterator[None]:
    before = _settings.OPT
    _settings.OPT = type(before)(_LEVEL)
    try:
        yield
    finally:
        _settings.OPT = before
