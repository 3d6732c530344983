"""Attacks a release before it leaves: alone, with every earlier release, and by the change between two.

Owns what counts as a disclosure, and the sentence that says which figures and how to mend it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from philoxenia.disclosure.attacker import Attacker, ContradictionError
from philoxenia.disclosure.release.knowledge import Joined, Published
from philoxenia.disclosure.types import DisclosureError, Flags, Floats
from philoxenia.exchange.spelling import listed

_CLOSE = 1e-6


class ReleaseRefused(DisclosureError):  # noqa: N818
    """A release that would give somebody away; nothing of it is written. The message says what and how to
    mend it.
    """

    exit_code = 8


@dataclass(frozen=True)
class Checked:
    """What the attack found. `least_width` is the narrowest interval of a figure that had to be protected."""

    attacked: int
    recoverable: int
    least_width: float | None
    together_with: tuple[str, ...]
    compared_with: tuple[str, ...]


def check_release(
    new: Published,
    earlier: Sequence[tuple[str, Published]],
    sensitive: Flags,
    widths: Floats,
    *,
    minimum: int,
    changes_shown: frozenset[str] = frozenset(),
) -> Checked:
    """Raise `ReleaseRefused` where a figure can be worked out, or a change tells of fewer than `minimum`
    people.

    `earlier` holds releases about the same people, each with its label. Those that can be of the same day
    are attacked together with the new one; the others are compared with it, but for those in
    `changes_shown`.
    """
    same: list[tuple[str, Published]] = []
    others: list[tuple[str, Published]] = []
    for label, one in earlier:
        if _fits(new, one):
            same.append((label, one))
            continue
        others.append((label, one))
        if label not in changes_shown:
            _refuse_changes(new, (label, one), minimum)
    _refuse_small_differences(new, same, minimum)
    found = _attacked(new, same, sensitive, widths)
    together, compared = (tuple(label for label, _ in group) for group in (same, others))
    return Checked(found[0], 0, found[1], together, compared)


def _fits(new: Published, earlier: Published) -> bool:
    return any(Attacker(Joined([new, earlier], across=across).known).feasible() for across in (True, False))


def _joined(releases: Sequence[Published]) -> Joined:
    """With what margins they share, where that can be; tables that cover other people share none."""
    joined = Joined(releases)
    return joined if Attacker(joined.known).feasible() else Joined(releases, across=False)


def _attacked(
    new: Published, same: Sequence[tuple[str, Published]], sensitive: Flags, widths: Floats
) -> tuple[int, float | None]:
    releases = [new, *(release for _, release in same)]
    labels = ["this release", *(label for label, _ in same)]
    joined = _joined(releases)
    attacker = Attacker(joined.known)
    attacked, least = 0, np.inf
    unit = 1.0 - _CLOSE if joined.known.whole else _CLOSE
    for number, release in enumerate(releases):
        uncertain = np.flatnonzero(release.high - release.low > _CLOSE)
        if not uncertain.size:
            continue
        asked = np.full(uncertain.size, unit)
        if number == 0:
            asked = np.where(sensitive[uncertain], widths[uncertain], unit)
        try:
            low, high, _ = attacker.spreads(joined.figures[number][uncertain], asked)
        except ContradictionError as fault:
            raise ReleaseRefused(_contradicts(new, labels[1:])) from fault
        attacked += uncertain.size
        width = high - low
        if (width < unit).any():
            told = [release.name_of(int(i)) for i in uncertain[width < unit]]
            raise ReleaseRefused(_worked_out(new, told, labels, number))
        if number == 0:
            if (width < asked - _CLOSE).any():
                told = [release.name_of(int(i)) for i in uncertain[width < asked - _CLOSE]]
                raise ReleaseRefused(_too_near(new, told, labels))
            guarded = sensitive[uncertain]
            least = min(least, float(width[guarded].min())) if guarded.any() else least
    return attacked, None if np.isinf(least) else least


def _refuse_small_differences(new: Published, same: Sequence[tuple[str, Published]], minimum: int) -> None:
    """Refuse where a figure holds another one of an earlier release and a few people more."""
    for label, before in same:
        if sorted(before.keys) != sorted(new.keys):
            continue
        joined = Joined([new, before])
        known = [np.flatnonzero(release.high - release.low <= _CLOSE) for release in (new, before)]
        ours, theirs = (joined.figures[side][known[side]] for side in (0, 1))
        shared = (ours @ theirs.T).tocoo()
        sizes = [np.asarray(members.sum(axis=1)).ravel() for members in (ours, theirs)]
        nested = (shared.data == sizes[0][shared.row]) ^ (shared.data == sizes[1][shared.col])
        gap = np.abs(new.low[known[0]][shared.row] - before.low[known[1]][shared.col])
        found = np.flatnonzero(nested & (gap > _CLOSE) & (gap < minimum))
        if found.size:
            one, other = (int(known[side][at[found[0]]]) for side, at in enumerate((shared.row, shared.col)))
            raise ReleaseRefused(
                f"Table {new.name}: {new.name_of(one)} here and {before.name_of(other)} in {label} differ by "
                f"{gap[found[0]]:g} people, who are told apart by the two tables together. Use the same "
                "categories as before, or publish larger groups."
            )


def _refuse_changes(new: Published, earlier: tuple[str, Published], minimum: int) -> None:
    """Refuse where a figure known in both has changed by a few people."""
    label, before = earlier
    joined = Joined([new])
    rows, values, names = [], [], []
    for figure in np.flatnonzero(before.high - before.low <= _CLOSE):
        members = before.figures.members
        cells = members.indices[members.indptr[figure] : members.indptr[figure + 1]]
        row = joined.row_of(before.keys, [atom for cell in cells for atom in before.atoms[cell]])
        if row is not None:
            rows.append(row)
            values.append(before.low[figure])
            names.append(before.name_of(int(figure)))
    few = [*_few_changed(joined, rows, values, names, minimum), *_few_by_name(new, before, minimum)]
    if few:
        raise ReleaseRefused(
            f"Table {new.name}: since {label} the figures for {listed(dict.fromkeys(few))} changed by fewer "
            f"than {minimum} people, so that the two tables together tell who came or left. Round both "
            "releases to a base, publish larger groups, or, for a later date at which people came and left, "
            'say changes = "show" in the spec.'
        )


def _few_changed(
    joined: Joined, rows: list[sparse.csr_matrix], values: list[float], names: list[str], minimum: int
) -> list[str]:
    attacker = Attacker(joined.known)
    few = []
    for row, value, name in zip(rows, values, names, strict=True):
        low, high = attacker.interval(row)
        if high - low <= _CLOSE and 0 < abs(low - value) < minimum:
            few.append(name)
    return few


def _few_by_name(new: Published, before: Published, minimum: int) -> list[str]:
    """Figures of tables with other keys, by the groups they name."""
    if sorted(new.keys) == sorted(before.keys):
        return []
    now = {new.name_of(int(i)): new.low[i] for i in np.flatnonzero(new.high - new.low <= _CLOSE)}
    return [
        before.name_of(int(i))
        for i in np.flatnonzero(before.high - before.low <= _CLOSE)
        if 0 < abs(now.get(before.name_of(int(i)), before.low[i]) - before.low[i]) < minimum
    ]


def _worked_out(new: Published, told: Sequence[str], labels: Sequence[str], number: int) -> str:
    by = f" together with {listed(labels[1:])}" if len(labels) > 1 else ""
    whose = "" if number == 0 else f" of {labels[number]}"
    return (
        f"Table {new.name}: with its own margins{by}, {len(told)} hidden "
        f"figure{'s' * (len(told) > 1)}{whose} can be worked out to the person: {listed(told)}. Publish "
        "fewer margins, larger groups, or the same table as before."
    )


def _too_near(new: Published, told: Sequence[str], labels: Sequence[str]) -> str:
    by = f" and {listed(labels[1:])}" if len(labels) > 1 else ""
    return (
        f"Table {new.name}: its own margins{by} tell too nearly how many people stand behind "
        f"{listed(told)}. Publish fewer margins or larger groups."
    )


def _contradicts(new: Published, labels: Sequence[str]) -> str:
    return (
        f"Table {new.name} contradicts {listed(labels)}, released about the same people: no counts "
        "give both. Give it the date its figures are for, or another `about` if these are other people."
    )
