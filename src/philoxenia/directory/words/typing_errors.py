"""Words near a word: letters left out, doubled, exchanged or swapped, found without comparing all.

Terms: the *deletions* of a word are what is left when up to n letters are taken out; two words n errors apart
share one.
"""

from collections.abc import Iterable
from functools import cache
from itertools import combinations

# How many errors a word of a length may have; shorter words are too near to each other.
_LEAST_LETTERS_ONE = 4
_LEAST_LETTERS_TWO = 7


@cache
def errors_allowed(letters: int) -> int:
    """How many typing errors are forgiven in a word of so many letters."""
    return (letters >= _LEAST_LETTERS_ONE) + (letters >= _LEAST_LETTERS_TWO)


def distance(left: str, right: str) -> int:
    """Letters added, left out, exchanged or swapped with the next, fewest that make one word the other.

    Optimal string alignment after Damerau 1964.

    >>> distance("shcool", "school"), distance("libary", "library")
    (1, 1)
    """
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        line = [row]
        for column, other in enumerate(right, start=1):
            best = min(above[column - 1] + (letter != other), above[column] + 1, line[-1] + 1)
            if row > 1 and column > 1 and letter == right[column - 2] and other == left[row - 2]:
                best = min(best, before[column - 2] + 1)
            line.append(best)
        before, above = above, line
    return above[-1]


def deletions(word: str, errors: int) -> set[str]:
    """The word and all that is left of it without up to `errors` letters."""
    found = {word}
    for missing in range(1, errors + 1):
        for kept in combinations(word, max(1, len(word) - missing)):
            found.add("".join(kept))
    return found


class NearWords:
    """A list of words that answers which of them are within the errors allowed of another."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for word in dict.fromkeys(words):
            for rest in deletions(word, errors_allowed(len(word))):
                self._by_rest.setdefault(rest, []).append(word)

    def near(self, word: str) -> list[tuple[int, str]]:
        """Words within the errors allowed, nearest first, with how many errors."""
        most = errors_allowed(len(word))
        if not most:
            return []
        candidates = {one for rest in deletions(word, most) for one in self._by_rest.get(rest, ())}
        found = ((distance(word, one), one) for one in candidates)
        return sorted((errors, one) for errors, one in found if errors <= min(most, errors_allowed(len(one))))
