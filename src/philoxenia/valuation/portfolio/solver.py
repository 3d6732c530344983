"""HiGHS through SciPy, silent: maximise t where t <= slope @ x + offset for every cut, x binary, within rows.

Owns the call and what its answer means; ignores what cuts and rows stand for.
"""

import ctypes
import os
import sys
import tempfile
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

_INFEASIBLE = 2
# SciPy has no code of its own for a search that stopped at its limit of nodes.
_STOPPED = {1, 4}
# What a program costs, in entries of its matrix that are touched: the root as often as so many nodes, and how
# many a core touches in a second (measured: 170 rows, 270 options, some 20,000 entries).
_ROOT_NODES, _TOUCHED_PER_SECOND = 400, 5e6
# Only a machine this much slower than the one that was measured is cut short by its clock.
_PATIENCE = 20
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


class Effort:
    """How much more may be searched, in about as many seconds of a core. It is counted in work of the solver
    and not on a clock, so that the same question has the same answer however busy the machine is."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @property
    def left(self) -> bool:
        """Whether any is."""
        return self.seconds > 0

    def nodes(self, entries: int) -> int:
        """Nodes that may be searched in a program whose matrix has so many entries; at least the root."""
        return max(int(self.seconds * _TOUCHED_PER_SECOND / entries) - _ROOT_NODES, 1)

    def spend(self, entries: int, nodes: int) -> None:
        """Count a program that was solved."""
        self.seconds -= entries * (_ROOT_NODES + nodes) / _TOUCHED_PER_SECOND


def best_under(cuts: Sequence[Cut], rows: Rows, least: float, *, gap: float, effort: Effort) -> Answer:
    """The portfolio with the highest t, which is at least `least`; a portfolio that a solver's tolerance let
    through though it breaks a limit is ruled out and the program solved again."""
    ruled_out: list[Floats] = []
    while True:
        answer = _solved(cuts, _ruling_out(rows, ruled_out), least, gap, effort)
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


def _solved(cuts: Sequence[Cut], rows: Rows, least: float, gap: float, effort: Effort) -> Answer:
    cuts = _different(cuts)
    program = _of_one(cuts[0], rows, least) if len(cuts) == 1 else _of_many(cuts, rows, least)
    matrix = csr_array(program.matrix)
    options = {
        "mip_rel_gap": gap,
        "node_limit": effort.nodes(matrix.nnz),
        "time_limit": _PATIENCE * max(effort.seconds, 1.0),
    }
    with silent():
        found = milp(
            program.objective,
            constraints=LinearConstraint(matrix, -np.inf, program.upper),
            integrality=program.whole,
            bounds=Bounds(program.low, program.high),
            options=options,
        )
    effort.spend(matrix.nnz, found.mip_node_count or 0)
    if found.x is None and found.status not in {_INFEASIBLE, *_STOPPED}:
        raise ValuationError(f"The solver stopped: {found.message}. Check that every amount is finite.")
    bound = found.mip_dual_bound if found.mip_dual_bound is not None else -np.inf
    width = rows.matrix.shape[1]
    taken = None if found.x is None else np.asarray((found.x[:width] > 0.5).astype(np.float64))
    return Answer(taken, -float(bound) * program.scale + program.offset, found.status == _INFEASIBLE)


@dataclass(frozen=True)
class _Program:
    """Minimise `objective` in units of `scale`, then add `offset`."""

    objective: Floats
    matrix: Floats
    upper: Floats
    whole: Floats
    low: Floats
    high: Floats
    scale: float
    offset: float = 0.0


def _of_one(cut: Cut, rows: Rows, least: float) -> _Program:
    """With one cut the objective is linear in the options, which the solver can use much better."""
    scale, width = _scale(cut.slope), cut.slope.size
    matrix, upper = rows.matrix, rows.upper
    if np.isfinite(least):
        matrix = np.vstack([matrix, -cut.slope / scale])
        upper = np.append(upper, (cut.offset - least) / scale)
    possible = rows.possible().astype(np.float64)
    return _Program(
        -cut.slope / scale, matrix, upper, np.ones(width), np.zeros(width), possible, scale, cut.offset
    )


def _of_many(cuts: Sequence[Cut], rows: Rows, least: float) -> _Program:
    """One more variable t, of at least `least`, that no cut lets above it."""
    slopes, offsets = np.stack([cut.slope for cut in cuts]), np.array([cut.offset for cut in cuts])
    scale, width = _scale(slopes), slopes.shape[1]
    matrix = np.zeros((len(rows.matrix) + len(cuts), width + 1))
    matrix[: len(rows.matrix), :width] = rows.matrix
    matrix[len(rows.matrix) :, :width] = -slopes / scale
    matrix[len(rows.matrix) :, width] = 1.0
    return _Program(
        objective=np.append(np.zeros(width), -1.0),
        matrix=matrix,
        upper=np.concatenate([rows.upper, offsets / scale]),
        whole=np.append(np.ones(width), 0.0),
        low=np.append(np.zeros(width), least / scale),
        high=np.append(rows.possible().astype(np.float64), np.inf),
        scale=scale,
    )


def _scale(slopes: Floats) -> float:
    # Money of any size becomes numbers near one, as the solver's tolerances want.
    return float(np.abs(slopes).max()) or 1.0


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
