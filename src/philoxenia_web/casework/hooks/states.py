"""The lives of a hook and of a message to it."""

from philoxenia.vocabulary.states import Machine, step

_PERSON, _WORKER = "who looks after it", "the sender"

HOOK = Machine(
    "hook",
    ("new", "active", "paused", "silent", "ended"),
    "new",
    (
        step("prove", "new", "active", "a trial that arrives"),
        step("pause", ("active", "silent"), "paused", _PERSON),
        step("resume", ("paused", "silent"), "active", _PERSON),
        step("fall_silent", "active", "silent", "time"),
        step("end", ("new", "active", "paused", "silent"), "ended", _PERSON),
    ),
)

DELIVERY = Machine(
    "message",
    ("waiting", "delivered", "given_up"),
    "waiting",
    (
        step("arrive", "waiting", "delivered", _WORKER),
        step("give_up", "waiting", "given_up", "time"),
        step("send_again", "given_up", "waiting", _PERSON),
    ),
)
