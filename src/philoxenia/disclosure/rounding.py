"""Counts as multiples of a base: no small number is left to read, and every total is the sum of what is
shown.

Each cell is rounded once, down or up to a neighbouring multiple; zero and multiples stay. Which way is drawn
under a secret seed, so that the same table and seed give the same figures and nobody can average them away.
Every total shown is a sum of rounded cells and tells nothing more. Owns the choice of up or down.
"""

import hashlib
import hmac
from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from philoxenia.disclosure.figures import Margins, figures_of
from philoxenia.disclosure.types import DisclosureError, Figures, Flags, Floats
from philoxenia.reference import default_parameters

NEAREST, RANDOM, BALANCED, CONTROLLED = WAYS = ("nearest", "random", "balanced", "controlled")
_SEED_BYTES = 16
_SECONDS = 30.0


def rounded(
    cells: pl.DataFrame,
    keys: Sequence[str],
    count: str = "people",
    *,
    seed: bytes,
    base: int = 0,
    kept: Margins = (),
    how: str = BALANCED,
) -> pl.DataFrame:
    """The cells in their order, then the margins in `kept` as sums of rounded cells; adds `margin`, `shown`.

    `how`: "nearest" (deterministic; 1 and 2 become 0), "random" (each cell by itself, unbiased), "balanced"
    (errors of the margins in `kept` are held small on the way), "controlled" (each margin in `kept` is itself
    rounded to a neighbouring multiple, by integer programming; Cox 1987). `seed` is a secret of at least 16
    bytes.
    """
    base = base or int(default_parameters()["disclosure.base"])
    figures = figures_of(cells, keys, count, kept)
    _check(figures, base, seed, how)
    below = np.floor(figures.atoms / base) * base
    rest = figures.atoms - below
    chances = _chances(cells, keys, count, seed)
    margins = figures.members[len(figures.atoms) :]
    up = _WAYS[how](rest / base, margins, chances)
    shown = figures.members @ (below + base * up)
    aside = [name for name in cells.columns if name not in figures.rows.columns and name != count]
    frame = figures.rows.with_columns(
        pl.Series(count, np.rint(figures.values).astype(np.int64)),
        shown=pl.Series(np.rint(shown).astype(np.int64)),
    )
    return pl.concat([frame, _tall(cells.select(aside), frame.height)], how="horizontal")


def reach_of_rounding(how: str, base: int) -> tuple[int, int]:
    """How far below and above a rounded figure the true count may lie, in people."""
    if how == NEAREST:
        return base // 2, (base - 1) // 2
    return base - 1, base - 1


def _check(figures: Figures, base: int, seed: bytes, how: str) -> None:
    row = default_parameters().row("disclosure.base")
    if how not in WAYS:
        raise DisclosureError(f"Rounding {how!r} is not known. Known: {', '.join(WAYS)}.")
    if not row.low <= base <= row.high:
        raise DisclosureError(f"Base {base}: it lies between {row.low:g} and {row.high:g}.")
    if how != NEAREST and len(seed) < _SEED_BYTES:
        raise DisclosureError(
            f"The secret seed is {len(seed)} bytes long: take {_SEED_BYTES} random ones or more."
        )
    if np.abs(figures.atoms - np.rint(figures.atoms)).max() > 0:
        raise DisclosureError("Only whole counts are rounded: weighted figures are hidden or given noise.")


def _chances(cells: pl.DataFrame, keys: Sequence[str], count: str, seed: bytes) -> Floats:
    """A number from 0 to 1 for each cell that only the secret tells; the same cell and count give the
    same.
    """
    named = cells.select(*(pl.col(name).cast(pl.String) for name in [*sorted(keys), count]))
    texts = (
        "\x1f".join(f"{name}={value}" for name, value in zip(named.columns, row, strict=True))
        for row in named.iter_rows()
    )
    drawn = [hmac.digest(seed, text.encode(), hashlib.sha256)[:8] for text in texts]
    return np.array([int.from_bytes(part, "big") / 2**64 for part in drawn])


def _nearest(share: Floats, margins: sparse.csr_matrix, chances: Floats) -> Flags:
    return share >= 0.5


def _random(share: Floats, margins: sparse.csr_matrix, chances: Floats) -> Flags:
    return chances < share


def _balanced(share: Floats, margins: sparse.csr_matrix, chances: Floats) -> Flags:
    """Cells in secret order; each goes the way that its chance and the errors its margins carry so far
    tell.
    """
    by_atom = margins.tocsc()
    error = np.zeros(margins.shape[0])
    up = np.zeros(len(share), dtype=bool)
    for atom in np.argsort(chances, kind="stable"):
        if share[atom] == 0:
            continue
        rows = by_atom.indices[by_atom.indptr[atom] : by_atom.indptr[atom + 1]]
        pull = -error[rows].mean() if rows.size else 0.0
        # The bits below those that made the order are as good as a second draw.
        up[atom] = (chances[atom] * 2**20) % 1.0 < share[atom] + pull
        error[rows] += up[atom] - share[atom]
    return up


def _controlled(share: Floats, margins: sparse.csr_matrix, chances: Floats) -> Flags:
    """Each margin goes to a neighbouring multiple too; among all such roundings, one near the random draw."""
    open_atoms = np.flatnonzero(share > 0)
    if not open_atoms.size:
        return np.zeros(len(share), dtype=bool)
    sums = margins @ share
    low, high = np.floor(sums + 1e-9), np.ceil(sums - 1e-9)
    wanted = np.where(chances < share, 1.0, 0.0)[open_atoms]
    found = milp(
        1.0 - 2.0 * wanted,
        constraints=[LinearConstraint(margins[:, open_atoms], low, high)] if margins.shape[0] else [],
        bounds=Bounds(0, 1),
        integrality=np.ones(len(open_atoms)),
        options={"time_limit": _SECONDS},
    )
    if found.x is None:
        raise DisclosureError(
            "No rounding keeps all these margins within one multiple. Keep fewer margins, or take 'balanced'."
        )
    up = np.zeros(len(share), dtype=bool)
    up[open_atoms] = found.x > 0.5
    return up


_WAYS = {NEAREST: _nearest, RANDOM: _random, BALANCED: _balanced, CONTROLLED: _controlled}


def _tall(frame: pl.DataFrame, height: int) -> pl.DataFrame:
    if not frame.width:
        return frame
    return pl.concat([frame, frame.clear(height - frame.height)]) if frame.height < height else frame


def secret_mark(secret: bytes) -> str:
    """A mark by which two releases under the same secret are known, which tells nothing of it."""
    return hmac.digest(secret, b"philoxenia release", hashlib.sha256).hex()[:16]
