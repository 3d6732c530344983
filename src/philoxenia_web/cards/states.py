"""The lives of an application for a card and of a card."""

from philoxenia.vocabulary.states import Machine, step

_WORKER, _SECOND, _PERSON = "caseworker", "second caseworker", "the person"

APPLICATION = Machine(
    "card_application",
    ("open", "seen_once", "accepted", "refused", "withdrawn", "issued"),
    "open",
    (
        step("see", "open", "seen_once", _WORKER),
        step("accept", "seen_once", "accepted", _SECOND),
        step("look_again", "seen_once", "open", _SECOND),
        step("reopen", ("seen_once", "accepted"), "open", _WORKER),
        step("refuse", "seen_once", "refused", _SECOND),
        step("withdraw", ("open", "seen_once", "accepted"), "withdrawn", _PERSON),
        step("issue", "accepted", "issued", _WORKER),
    ),
)

CARD = Machine(
    "city_card",
    ("issued", "printed", "active", "withdrawn", "replaced", "expired"),
    "issued",
    (
        step("print", ("issued", "printed"), "printed", _WORKER),
        step("print_again", "active", "printed", _WORKER),
        step("hand_over", "printed", "active", _WORKER),
        step("withdraw", ("issued", "printed", "active"), "withdrawn", _WORKER),
        step("replace", ("issued", "printed", "active"), "replaced", _WORKER),
        step("expire", ("issued", "printed", "active"), "expired", "time"),
    ),
)
LIVE = ("issued", "printed", "active")
OPEN = ("open", "seen_once", "accepted")
