"""The life of an appointment, and of a reminder of it."""

from philoxenia.vocabulary.states import Machine, step

_WORKER, _TIME = "caseworker", "time"

APPOINTMENT = Machine(
    "appointment",
    ("booked", "arrived", "held", "cancelled", "missed"),
    "booked",
    (
        step("move", "booked", "booked", _WORKER),
        step("arrive", ("booked", "missed"), "arrived", _WORKER),
        step("hold", ("booked", "arrived"), "held", _WORKER),
        step("miss", "booked", "missed", _WORKER),
        step("cancel", "booked", "cancelled", _WORKER),
    ),
)

REMINDER = Machine(
    "reminder",
    ("waiting", "sending", "sent", "failed", "not_sent"),
    "waiting",
    (
        step("take", ("waiting", "sending"), "sending", _TIME),
        step("put_back", "sending", "waiting", _TIME),
        step("send", "sending", "sent", _TIME),
        step("give_up", "sending", "failed", _TIME),
        step("leave_out", ("waiting", "sending"), "not_sent", _TIME),
        step("want_again", "not_sent", "waiting", _WORKER),
    ),
)
