"""Shows how far a run is: bars on a terminal, one plain line a step elsewhere. Always on standard error."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class StepsShown:
    """A progress display for named steps: call it with (step, share done from 0 to 1, what was found)."""

    def __init__(self, quiet: bool = False) -> None:
        console = Console(file=sys.stderr)
        self._bars = (
            Progress(
                TextColumn("{task.description:<34}"),
                BarColumn(bar_width=24),
                TimeElapsedColumn(),
                TextColumn("[dim]{task.fields[found]}"),
                console=console,
            )
            if console.is_terminal and not quiet
            else None
        )
        self._plain = self._bars is None and not quiet
        self._started: dict[str, float] = {}
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._bars:
            self._bars.stop()

    def __call__(self, step: str, share_done: float, found: str = "") -> None:
        self._started.setdefault(step, time.monotonic())
        if self._bars:
            if step not in self._tasks:
                self._tasks[step] = self._bars.add_task(step, total=1.0, found="")
            self._bars.update(self._tasks[step], completed=share_done, found=found)  # type: ignore[arg-type]
        elif self._plain and share_done >= 1:
            seconds = time.monotonic() - self._started[step]
            print(f"{step}: {found or 'done'} ({seconds:.1f} s)", file=sys.stderr, flush=True)
