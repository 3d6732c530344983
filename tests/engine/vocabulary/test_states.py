"""Machines of states."""

import pytest

from philoxenia.vocabulary.states import Machine, StepError, step

DOOR = Machine(
    "Door",
    ("shut", "open", "broken"),
    "shut",
    (
        step("open", "shut", "open", "visitor"),
        step("shut", "open", "shut", "visitor"),
        step("break", ("shut", "open"), "broken", "time"),
    ),
)


def test_a_verb_leads_from_the_state_it_names_alone() -> None:
    assert DOOR.after("shut", "open") == "open"
    assert DOOR.ends == {"broken"}
    with pytest.raises(StepError, match=r"Door: open cannot follow open\. What can be done: shut, break\."):
        DOOR.after("open", "open")
    with pytest.raises(StepError, match="nothing any more"):
        DOOR.after("broken", "shut")


@pytest.mark.parametrize(
    ("states", "steps", "said"),
    [
        (("a", "b"), (step("go", "a", "c", "x"),), "no such state: c"),
        (("a", "b", "c"), (step("go", "a", "b", "x"),), "no step leads to c"),
        (("a", "b"), (step("go", "a", "b", "x"), step("go", "a", "a", "x")), "from one state to two"),
    ],
)
def test_steps_that_do_not_fit_are_refused(states: tuple[str, ...], steps: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Machine("Thing", states, "a", steps)
