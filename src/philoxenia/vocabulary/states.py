"""Machines of states: the states a thing may be in, the steps between them, and who takes each.

What is drawn in the documents and what an action refuses both come from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from philoxenia.vocabulary.problems import PhiloxeniaError


class StepError(PhiloxeniaError):
    """A step that cannot be taken in the state a thing is in."""


@dataclass(frozen=True)
class Step:
    """A verb that leads from some states to one. `by` names who takes it: a role in words, or "time"."""

    verb: str
    before: frozenset[str]
    after: str
    by: str


@dataclass(frozen=True)
class Machine:
    """The life of a kind of thing. Raises `ValueError` where its steps and states do not fit together."""

    name: str
    states: tuple[str, ...]
    first: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        named = {
            self.first,
            *(one.after for one in self.steps),
            *(b for one in self.steps for b in one.before),
        }
        if unknown := named - set(self.states):
            raise ValueError(f"{self.name}: no such state: {', '.join(sorted(unknown))}.")
        if lost := set(self.states) - self._reached():
            raise ValueError(f"{self.name}: no step leads to {', '.join(sorted(lost))}.")
        if len({(one.verb, state) for one in self.steps for state in one.before}) != sum(
            len(one.before) for one in self.steps
        ):
            raise ValueError(f"{self.name}: a verb leads from one state to two.")

    @property
    def ends(self) -> frozenset[str]:
        """States that nothing leads out of."""
        return frozenset(self.states) - {state for one in self.steps for state in one.before}

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """What can happen next."""
        return tuple(one for one in self.steps if state in one.before)

    def after(self, state: str, verb: str) -> str:
        """The state a verb leads to. Raises `StepError` where it does not lead out of this one."""
        for one in self.steps_from(state):
            if one.verb == verb:
                return one.after
        can = ", ".join(one.verb for one in self.steps_from(state)) or "nothing any more"
        raise StepError(f"{self.name}: {verb} cannot follow {state}. What can be done: {can}.")

    def _reached(self) -> set[str]:
        found, fresh = {self.first}, {self.first}
        while fresh:
            fresh = {one.after for state in fresh for one in self.steps_from(state)} - found
            found |= fresh
        return found


def step(verb: str, before: str | Iterable[str], after: str, by: str) -> Step:
    """A step from one state or several."""
    return Step(verb, frozenset({before} if isinstance(before, str) else before), after, by)
