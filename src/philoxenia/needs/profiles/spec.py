"""Reads a spec: a TOML file that says how a survey was drawn, and what its profile is to show.

Everything in it is checked before a row of the survey is read; expressions are compiled once its columns are
known. A message names file, line and key.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from philoxenia.exchange.spelling import nearest
from philoxenia.needs.profiles.lines import key_lines
from philoxenia.needs.profiles.types import (
    Deprived,
    Excused,
    Group,
    Indicator,
    SectorSpec,
    Spec,
    SpecError,
)
from philoxenia.needs.survey.design import SINGLETONS
from philoxenia.reference import reference_table

_LARGEST = 1_000_000
_SURVEY = ("name", "unit", "date", "source", "licence", "note", "district")
_DESIGN = ("weight", "stratum", "cluster", "fpc", "singleton")
_KNOWN = {
    "": (
        "survey", "design", "displacement", "groups", "indicators", "deprivation", "severity", "overlap",
        "not_status",
    ),
    "survey": (*_SURVEY, "synthetic", "anonymous", "missing", "level"),
    "design": _DESIGN,
    "displacement": ("column",),
    "groups": ("id", "name", "where", "reference"),
    "indicators": ("id", "name", "where", "value", "among", "unit", "need"),
    "deprivation": ("k", "dimensions"),
    "deprivation.dimensions": ("id", "name", "weight", "where", "value", "cutoff"),
    "severity": ("sectors",),
    "severity.sectors": ("id", "name", "column", "scores", "parts"),
    "overlap": ("needs",),
    "not_status": ("column", "reason", "decided_by"),
}  # fmt: skip


def read_spec(source: Path | str) -> Spec:
    """The spec in a TOML file, or in a text. Raises `SpecError` that names file, line and key."""
    name = source.name if isinstance(source, Path) else "the spec"
    text = _text(source)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SpecError(f"{name} is not TOML: {fault}. Quote texts, and write one key a line.") from fault
    return _Reader(raw, name, key_lines(text)).spec()


def _text(source: Path | str) -> str:
    if isinstance(source, str):
        return source
    try:
        if source.stat().st_size > _LARGEST:
            raise SpecError(f"{source.name} is too large for a spec. Is it the survey itself?")
        return source.read_text(encoding="utf-8")
    except OSError as fault:
        raise SpecError(
            f"{source} cannot be read ({fault.strerror}). Name the spec of the survey."
        ) from fault
    except UnicodeDecodeError as fault:
        raise SpecError(f"{source.name} is not written in UTF-8. Save it as UTF-8.") from fault


class _Reader:
    """Takes a parsed spec apart, saying where anything is wrong."""

    def __init__(self, raw: Mapping[str, Any], name: str, lines: dict[str, int]) -> None:
        self.raw, self.name, self.lines = raw, name, lines

    def spec(self) -> Spec:
        self._known("", self.raw)
        survey, design = self._table("survey"), self._table("design")
        if not survey.get("anonymous", False):
            self._fail(
                "survey.anonymous",
                "say `anonymous = true`: a survey may be profiled only if nobody in it can be told",
            )
        severity, shortage = self._table("severity"), self._table("deprivation")
        spec = Spec(
            **{key: self._text(survey, "survey", key) for key in _SURVEY if key in survey},
            **{key: self._text(design, "design", key) for key in _DESIGN if key in design},
            synthetic=bool(survey.get("synthetic", False)),
            missing=tuple(self._texts(survey, "survey", "missing")),
            level=self._number(survey, "survey", "level", 0.0),
            displacement=self._text(self._table("displacement"), "displacement", "column"),
            groups=tuple(self._each("groups", self._group)),
            indicators=tuple(self._each("indicators", self._indicator)),
            dimensions=tuple(
                self._each("deprivation.dimensions", self._dimension, shortage.get("dimensions"))
            ),
            k=self._number(shortage, "deprivation", "k", 0.0),
            sectors=tuple(self._each("severity.sectors", self._sector, severity.get("sectors"))),
            needs=self._needs(),
            excused=tuple(self._each("not_status", self._excused)),
            path=self.name,
            lines=self.lines,
        )  # fmt: skip
        self._check(spec)
        return spec

    def _check(self, spec: Spec) -> None:
        if not spec.name:
            self._fail("survey.name", "give the survey a name")
        if spec.singleton not in SINGLETONS:
            self._fail("design.singleton", f"{spec.singleton!r} is none of {', '.join(SINGLETONS)}")
        if spec.level and not 0.5 <= spec.level < 1:
            self._fail("survey.level", f"{spec.level:g} is no share from 0.5 to below 1, such as 0.95")
        if not (spec.indicators or spec.dimensions or spec.sectors or spec.needs):
            self._fail("indicators", "there is nothing to show: add [[indicators]] or [deprivation]")
        if sum(group.reference for group in spec.groups) > 1:
            self._fail("groups", "only one group can be the reference")
        if spec.dimensions and not 0 < spec.k <= sum(d.weight for d in spec.dimensions) + 1e-9:
            total = sum(dimension.weight for dimension in spec.dimensions)
            self._fail(
                "deprivation.k", f"{spec.k:g} must be above 0 and at most {total:g}, the sum of weights"
            )
        for where in ("groups", "indicators", "dimensions", "sectors"):
            ids = [one.id for one in getattr(spec, where)]
            if twice := [one for one in ids if ids.count(one) > 1]:
                self._fail(where, f"the id {twice[0]!r} stands there twice")

    def _group(self, raw: Mapping[str, Any], at: str) -> Group:
        group = self._id(raw, at)
        if group == "all":
            self._fail(f"{at}.id", "`all` stands for everybody; call the group another name")
        where = self._text(raw, at, "where", needed=True)
        return Group(group, self._named(raw, at), where, bool(raw.get("reference", False)))

    def _indicator(self, raw: Mapping[str, Any], at: str) -> Indicator:
        if ("where" in raw) == ("value" in raw):
            self._fail(at, "give either `where` (a share of households) or `value` (a mean)")
        if "value" in raw and not raw.get("unit"):
            self._fail(f"{at}.unit", "say the unit of `value`, such as `persons` or `euros a month`")
        need = self._text(raw, at, "need")
        if need:
            self._need(need, f"{at}.need")
        texts = {key: self._text(raw, at, key) for key in ("where", "value", "among", "unit")}
        return Indicator(self._id(raw, at), self._named(raw, at), **texts, need=need)

    def _dimension(self, raw: Mapping[str, Any], at: str) -> Deprived:
        if ("where" in raw) == ("value" in raw) or ("value" in raw) != ("cutoff" in raw):
            self._fail(at, "give either `where`, or `value` and the `cutoff` below which it is a deprivation")
        cutoff = self._number(raw, at, "cutoff", 0.0) if "cutoff" in raw else None
        weight = self._number(raw, at, "weight", 1.0)
        if not weight > 0:
            self._fail(f"{at}.weight", "must be above 0; leave a dimension of no weight out")
        where, value = self._text(raw, at, "where"), self._text(raw, at, "value")
        return Deprived(self._id(raw, at), self._named(raw, at), weight, where, value, cutoff)

    def _sector(self, raw: Mapping[str, Any], at: str) -> SectorSpec:
        given = [key for key in ("column", "scores", "parts") if key in raw]
        if len(given) != 1:
            self._fail(at, "give one of `column`, `scores` (a condition for each score) or `parts` of scores")
        tables = raw.get("parts", [raw["scores"]] if "scores" in raw else [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) and table for table in tables):
            self._fail(at, 'write scores as { 5 = "condition", 3 = "condition" }')
        parts = tuple(tuple(self._score(key, text, at) for key, text in table.items()) for table in tables)
        return SectorSpec(self._id(raw, at), self._named(raw, at), self._text(raw, at, "column"), parts)

    def _score(self, key: str, text: Any, at: str) -> tuple[int, str]:
        if key not in ("1", "2", "3", "4", "5") or not isinstance(text, str):
            self._fail(at, f"{key!r} is no score from 1 to 5 with a condition in quotes")
        return int(key), text

    def _excused(self, raw: Mapping[str, Any], at: str) -> Excused:
        column, reason = (self._text(raw, at, key, needed=True) for key in ("column", "reason"))
        return Excused(column, reason, self._text(raw, at, "decided_by") or "in the spec")

    def _needs(self) -> tuple[tuple[str, str], ...]:
        overlap = self._table("overlap")
        needs = overlap.get("needs", {})
        if not isinstance(needs, dict) or not all(isinstance(text, str) for text in needs.values()):
            self._fail("overlap.needs", 'write one line a need: housing = "condition"')
        for code in needs:
            self._need(code, f"overlap.needs.{code}")
        return tuple(needs.items())

    def _need(self, code: str, at: str) -> None:
        known = reference_table("needs")["code"].to_list()
        if code not in known:
            near = nearest(code, known)
            hint = f" Did you mean {near!r}?" if near else ""
            self._fail(at, f"there is no need {code!r}.{hint} Needs: {', '.join(known)}")

    def _table(self, key: str) -> Mapping[str, Any]:
        found: Any = self.raw.get(key, {})
        if not isinstance(found, dict):
            self._fail(key, f"write it as a table: [{key}]")
        self._known(key, found)
        table: Mapping[str, Any] = found
        return table

    def _each(self, key: str, read: Any, found: Any = None) -> list[Any]:
        tables = self.raw.get(key, []) if found is None else found
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._fail(key, f"write each as a table of its own: [[{key}]]")
        for place, table in enumerate(tables):
            self._known(key, table, f"{key}[{place}]")
        return [read(table, f"{key}[{place}]") for place, table in enumerate(tables)]

    def _known(self, table: str, raw: Mapping[str, Any], at: str = "") -> None:
        for key in raw:
            if key not in _KNOWN[table]:
                near = nearest(key, _KNOWN[table])
                hint = f" Did you mean {near!r}?" if near else ""
                place = f"{at or table}.{key}" if (at or table) else key
                self._fail(place, f"there is no such key.{hint} Keys here: {', '.join(_KNOWN[table])}")

    def _id(self, raw: Mapping[str, Any], at: str) -> str:
        found = self._text(raw, at, "id", needed=True)
        if not found.replace("_", "").replace("-", "").isalnum():
            self._fail(f"{at}.id", f"{found!r}: an id has letters, digits, - and _ only")
        return found

    def _named(self, raw: Mapping[str, Any], at: str) -> str:
        return self._text(raw, at, "name") or self._id(raw, at).replace("_", " ")

    def _text(self, raw: Mapping[str, Any], at: str, key: str, needed: bool = False) -> str:
        found = raw.get(key, "")
        # TOML reads an unquoted date as one.
        text = found.isoformat() if hasattr(found, "isoformat") else found
        if not isinstance(text, str):
            self._fail(f"{at}.{key}", "put it in quotes")
        if needed and not text.strip():
            self._fail(f"{at}.{key}", "it is missing or empty")
        return str(text).strip()

    def _texts(self, raw: Mapping[str, Any], at: str, key: str) -> Sequence[str]:
        found = raw.get(key, [])
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            self._fail(f"{at}.{key}", 'write a list of texts: ["NA", "dnk"]')
        return [str(text) for text in found]

    def _number(self, raw: Mapping[str, Any], at: str, key: str, default: float) -> float:
        found = raw.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float) or found != found:
            self._fail(f"{at}.{key}", "write a number, without quotes")
        return float(found)

    def _fail(self, key: str, what: str) -> Any:
        raise SpecError(f"{Spec('', path=self.name, lines=self.lines).where(key)}: {what}.")
