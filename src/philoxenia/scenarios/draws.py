"""Everything random comes from one seed: named streams, and one quantile a future for each number.

Owns seeds and streams; ignores what the numbers do. Streams are separate, so that adding a service does
not change the draws of another, and every district sees the same draw of a rate (common random numbers).
"""

from zlib import crc32

import numpy as np

from philoxenia.scenarios.types import Floats


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of one named stream; the same seed and name give the same numbers."""
    return np.random.default_rng([seed, crc32(name.encode())])


def quantile_draws(seed: int, kind: str, names: tuple[str, ...], paths: int) -> dict[str, Floats]:
    """One quantile 0..1 a future (P,) for each name, stratified over futures (Latin hypercube)."""
    drawn = {}
    for name in names:
        rng = stream(seed, f"{kind}.{name}")
        drawn[name] = (rng.permutation(paths) + rng.random(paths)) / paths
    return drawn
