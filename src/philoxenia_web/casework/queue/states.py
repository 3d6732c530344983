"""The life of a ticket of the walk-in queue."""

from philoxenia.vocabulary.states import Machine, step

_WORKER, _TIME = "caseworker", "time"

TICKET = Machine(
    "ticket",
    ("waiting", "called", "serving", "served", "gone", "left"),
    "waiting",
    (
        step("call", "waiting", "called", _WORKER),
        step("call_again", "called", "called", _WORKER),
        step("begin", "called", "serving", _WORKER),
        step("finish", "serving", "served", _WORKER),
        step("pass_over", "called", "gone", _WORKER),
        step("come_back", ("gone", "left", "called", "serving"), "waiting", _WORKER),
        step("leave", ("waiting", "called"), "left", _WORKER),
        step("close_day", ("waiting", "called"), "left", _TIME),
        # Who was at the desk in the evening was served; only the button was not pressed.
        step("close_day", "serving", "served", _TIME),
    ),
)
