"""The steps of a study by the titles that progress is told under. Owns these names only."""

from collections.abc import Callable

Progress = Callable[[str, float, str], None]

MODEL = "Who may come, and the model"
ACTIONS = "Each action, with and without"
CHOOSING = "Choosing under the budgets"
TOGETHER = "The plans as a whole"
ROBUST = "Where plans break"
STEPS = (MODEL, ACTIONS, CHOOSING, TOGETHER, ROBUST)


def silent(_step: str, _share_done: float, _found: str = "") -> None:
    """Progress that nobody looks at."""
