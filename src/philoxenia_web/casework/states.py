"""The lives of what a desk keeps: a case, a need, a goal, a task, a bundled service."""

from philoxenia.vocabulary.states import Machine, step

_WORKER, _SUPERVISOR = "caseworker", "supervisor"

CASE = Machine(
    "case",
    ("open", "waiting", "closed"),
    "open",
    (
        step("pause", "open", "waiting", _WORKER),
        step("resume", "waiting", "open", _WORKER),
        step("close", ("open", "waiting"), "closed", _WORKER),
        step("reopen", "closed", "open", _SUPERVISOR),
    ),
)

NEED = Machine(
    "need",
    ("open", "in_hand", "met", "not_wanted"),
    "open",
    (
        step("take_in_hand", "open", "in_hand", _WORKER),
        step("put_back", "in_hand", "open", _WORKER),
        step("meet", ("open", "in_hand"), "met", _WORKER),
        step("set_aside", ("open", "in_hand"), "not_wanted", _WORKER),
        step("return", ("met", "not_wanted"), "open", _WORKER),
    ),
)

GOAL = Machine(
    "goal",
    ("open", "reached", "dropped"),
    "open",
    (
        step("reach", "open", "reached", _WORKER),
        step("drop", "open", "dropped", _WORKER),
        step("return", ("reached", "dropped"), "open", _WORKER),
    ),
)

TASK = Machine(
    "task",
    ("open", "done", "dropped"),
    "open",
    (
        step("finish", "open", "done", _WORKER),
        step("drop", "open", "dropped", _WORKER),
        step("return", ("done", "dropped"), "open", _WORKER),
    ),
)

SERVICE_LINE = Machine(
    "service",
    ("planned", "asked_for", "running", "completed", "ended_early"),
    "planned",
    (
        step("ask", "planned", "asked_for", _WORKER),
        step("begin", ("planned", "asked_for"), "running", _WORKER),
        step("complete", "running", "completed", _WORKER),
        step("end_early", ("planned", "asked_for", "running"), "ended_early", _WORKER),
    ),
)
