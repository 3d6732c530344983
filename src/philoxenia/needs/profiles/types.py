"""A spec of a profile as data, the profile made from it, and what can go wrong."""

from dataclasses import dataclass, field

import polars as pl

from philoxenia.needs.types import NeedsError


class ProfileError(NeedsError):
    """A profile cannot be made from this survey and this spec."""


class ExpressionError(ProfileError):
    """An expression of a spec cannot be read."""


class SpecError(ProfileError):
    """A spec is wrong; the message names file, line and key."""

    exit_code = 2


class SurveyRefusedError(ProfileError):
    """A survey holds what no survey may bring here: names, identifiers, immigration status."""

    exit_code = 3


@dataclass(frozen=True)
class Group:
    """Households told apart by `where`; the one marked `reference` is what the others are compared with."""

    id: str
    name: str
    where: str
    reference: bool = False


@dataclass(frozen=True)
class Indicator:
    """A share (`where` holds) or a mean (`value`) among the households for whom `among` holds."""

    id: str
    name: str
    where: str = ""
    value: str = ""
    among: str = ""
    unit: str = ""
    need: str = ""

    @property
    def share(self) -> bool:
        """Whether it is a share of households."""
        return bool(self.where)


@dataclass(frozen=True)
class Deprived:
    """A dimension of deprivation: `where` holds, or `value` lies below `cutoff`."""

    id: str
    name: str
    weight: float
    where: str = ""
    value: str = ""
    cutoff: float | None = None


@dataclass(frozen=True)
class SectorSpec:
    """A sector of severity: a `column` of scores, or parts with a condition for each score."""

    id: str
    name: str
    column: str = ""
    parts: tuple[tuple[tuple[int, str], ...], ...] = ()


@dataclass(frozen=True)
class Excused:
    """A header that looks like immigration status and is not."""

    column: str
    reason: str
    decided_by: str


@dataclass(frozen=True)
class Spec:
    """What a profile is to say. Expressions stay text; `lines` gives the line of each key, for messages."""

    name: str
    unit: str = "households"
    date: str = ""
    source: str = ""
    licence: str = ""
    synthetic: bool = False
    missing: tuple[str, ...] = ()
    note: str = ""
    weight: str = ""
    stratum: str = ""
    cluster: str = ""
    fpc: str = ""
    singleton: str = "centre"
    district: str = ""
    displacement: str = ""
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    dimensions: tuple[Deprived, ...] = ()
    k: float = 0.0
    sectors: tuple[SectorSpec, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    excused: tuple[Excused, ...] = ()
    level: float = 0.0
    path: str = "the spec"
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def where(self, key: str) -> str:
        """File, line and key, as messages begin."""
        parts, line = key.split("."), 0
        while parts and not line:
            line = self.lines.get(".".join(parts), 0)
            parts.pop()
        return f"{self.path}, line {line}, {key}" if line else f"{self.path}, {key}"


@dataclass(frozen=True)
class Profile:
    """A survey told: `tables` by name (see `profile`) and `notes` in sentences.

    Every figure has its base; `mark` is "" or says why a figure is hidden (`too few`) or weak (`small base`).
    """

    spec: Spec
    tables: dict[str, pl.DataFrame]
    rows: int
    notes: tuple[str, ...] = ()
