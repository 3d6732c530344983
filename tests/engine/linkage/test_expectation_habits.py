"""What is learnt without labels stays right where a block holds hardly anybody but pairs of one person."""

from itertools import product

import numpy as np

from philoxenia.linkage.expectation import Patterns, expected_matches, first_guess

# Names: 3 same, 2 stands elsewhere in the name, 1 near, 0 another. E-mail address: 1 same, 0 another.
U = {"given": [0.98, 0.01, 0.004, 0.006], "family": [0.98, 0.01, 0.004, 0.006], "email": [0.997, 0.003]}
WRITTEN = {3: 0.6, 1: 0.1, 0: 0.3}
KEPT = {1: 0.6, 0: 0.4}
PAIRS, EXCHANGED = 1000.0, 0.3


def block() -> Patterns:
    """Pairs of one person alone: three in ten with names exchanged, slips and new addresses in others."""
    counts: dict[tuple[int, int, int], float] = {}
    for (given, p), (family, q), (email, r) in product(WRITTEN.items(), WRITTEN.items(), KEPT.items()):
        counts[given, family, email] = PAIRS * (1 - EXCHANGED) * p * q * r
    for email, r in KEPT.items():
        counts[2, 2, email] = PAIRS * EXCHANGED * r
    return Patterns(tuple(U), np.array(list(counts)), np.array(list(counts.values())))


def test_a_habit_of_the_lists_is_not_taken_for_other_people() -> None:
    """Exchanged names come together, as if two kinds of pairs were in the block; both are one person's."""
    guess = {name: first_guess(len(chances)) for name, chances in U.items()}
    others = {name: np.array(chances) for name, chances in U.items()}
    matches = expected_matches(block(), guess, others)
    for name in ("given", "family"):
        shares = matches[name] / matches[name].sum()
        assert shares[3] > 0.35 and 0.2 < shares[2] < 0.5, name
