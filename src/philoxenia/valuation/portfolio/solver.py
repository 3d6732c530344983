"""HiGHS through SciPy, silent: maximise t where t <= slope @ x + offset for every cut, x binary, within rows.

Owns the call and what its answer means; ignores what cuts and rows stand for.
"""

import ctypes
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import IO

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from philoxenia.valuation.portfolio.rows import Rows
from philoxenia.valuation.types import Floats, ValuationError

_INFEASIBLE, _OUT_OF_TIME = 2, 1
_DEBUG_LINE = b"HighsMipSolverData"
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Cut:
    """No portfolio x reaches more than `slope` @ x + `offset`."""

    slope: Floats
    offset: float


@dataclass(frozen=True)
class Answer:
    """`taken`: (N,) of 0 and 1, or None; `bound`: none reaches more; `impossible`: none keeps rows."""

    taken: Floats | None
    bound: float
    impossible: bool = False


def best_under(cuts: Sequence[Cut], rows: Rows, least: float, *, gap: float, seconds: float) -> Answer:
    """The portfolio with the highest t, which is at least `least`; a portfolio that a solver's tolerance let
    through though it breaks a limit is ruled out and the program solved again."""
    ruled_out: list[Floats] = []
    until = time.monotonic() + seconds
    while True:
        answer = _solved(cuts, _ruling_out(rows, ruled_out), least, gap, until - time.monotonic())
        if answer.taken is None or rows.keeps(answer.taken):
            return answer
        ruled_out.append(answer.taken)


def _ruling_out(rows: Rows, portfolios: Sequence[Floats]) -> Rows:
    if not portfolios:
        return rows
    more = np.stack([2 * taken - 1 for taken in portfolios])
    upper = np.array([taken.sum() - 1 for taken in portfolios])
    names = (*rows.names, *("ruled out",) * len(portfolios))
    return Rows(np.vstack([rows.matrix, more]), np.append(rows.upper, upper), names)


def _solved(cuts: Sequence[Cut], rows: Rows, least: float, gap: float, seconds: float) -> Answer:
    cuts = _different(cuts)
    slopes, offsets = np.stack([cut.slope for cut in cuts]), np.array([cut.offset for cut in cuts])
    # Money of any size becomes numbers near one, as the solver's tolerances want.
    scale = float(np.abs(slopes).max()) or 1.0
    possible = rows.possible().astype(np.float64)
    width = possible.size
    matrix = np.zeros((len(rows.matrix) + len(cuts), width + 1))
    matrix[: len(rows.matrix), :width] = rows.matrix
    matrix[len(rows.matrix) :, :width] = -slopes / scale
    matrix[len(rows.matrix) :, width] = 1.0
    objective = np.append(np.zeros(width), -1.0)
    lower = np.append(np.zeros(width), least / scale)
    with silent():
        found = milp(
            objective,
            constraints=LinearConstraint(
                csr_array(matrix), -np.inf, np.concatenate([rows.upper, offsets / scale])
            ),
            integrality=np.append(np.ones(width), 0.0),
            bounds=Bounds(lower, np.append(possible, np.inf)),
            options={"mip_rel_gap": gap, "time_limit": max(seconds, 0.1)},
        )
    if found.x is None and found.status not in (_INFEASIBLE, _OUT_OF_TIME):
        raise ValuationError(f"The solver stopped: {found.message}. Check that every amount is finite.")
    bound = found.mip_dual_bound if found.mip_dual_bound is not None else -np.inf
    taken = None if found.x is None else np.asarray((found.x[:width] > 0.5).astype(np.float64))
    return Answer(taken, -float(bound) * scale, found.status == _INFEASIBLE)


def _different(cuts: Sequence[Cut]) -> list[Cut]:
    """Each cut once: many portfolios regret the same future most."""
    return list({(cut.offset, cut.slope.tobytes()): cut for cut in cuts}.values())


@contextmanager
def silent() -> Iterator[None]:
    """Take HiGHS's own debugging lines out of standard output; whatever else is written there is kept.

    HiGHS 1.8 to 1.12 print one from C++ where a solution is mended, whatever its options say.
    """
    with _one_at_a_time, tempfile.TemporaryFile() as caught:
        _flush()
        try:
            kept = os.dup(1)
        except OSError:
            # Nothing is open to write to: there is nothing to keep silent.
            yield
            return
        os.dup2(caught.fileno(), 1)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, 1)
            os.close(kept)
            _say_again(caught)


def _flush() -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    with suppress(OSError, AttributeError):
        # C's own buffer: what waits in it would otherwise come out later.
        ctypes.CDLL(None).fflush(None)


def _say_again(caught: IO[bytes]) -> None:
    caught.seek(0)
    for line in caught.read().splitlines(keepends=True):
        if not line.startswith(_DEBUG_LINE):
            os.write(1, line)
