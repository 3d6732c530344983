"""A trained model: m and u of every level, the prior, where it comes from; kept as JSON without a personal
value.

Owns the file. How records are compared is code (`basis`), never text of the file: a file cannot bring SQL
with it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from math import log2
from pathlib import Path
from typing import Any

from philoxenia.lake.files import write_whole
from philoxenia.linkage.types import LinkageError

VERSION = 1


@dataclass(frozen=True)
class Level:
    """One level of agreement in words, and its chance among records of one person (m), of two unrelated
    people (u) and of two people of one household (h; 0 where that was not learnt)."""

    value: int
    words: str
    m: float
    u: float
    h: float = 0.0

    @property
    def weight(self) -> float:
        """log2(m/u)."""
        return log2(self.m / self.u)


@dataclass(frozen=True)
class Model:
    """All that scoring needs. `comparisons`: name -> levels from the best down, without the level of no data.

    `fingerprint` is a hash of the training data's margins: rows, sources, share filled by column. It holds
    no value of any record. `calibration` (slope, intercept) turns log2 odds into calibrated ones; (1, 0)
    leaves them.
    """

    basis: str
    comparisons: Mapping[str, tuple[Level, ...]]
    prior: float
    fingerprint: str
    trained_on: Mapping[str, Any] = field(default_factory=dict)
    calibration: tuple[float, float] = (1.0, 0.0)
    version: int = VERSION

    @property
    def households(self) -> bool:
        """Whether the model knows how housemates agree."""
        return all(level.h > 0 for levels in self.comparisons.values() for level in levels)

    def save(self, path: Path) -> Path:
        """Write the model as JSON, whole or not at all."""
        return write_whole(path, lambda place: place.write_text(self.as_json(), encoding="utf-8"))

    def as_json(self) -> str:
        """The model in one form only: the same model is the same bytes."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def load(cls, path: Path) -> "Model":
        """A model from a file. Raises `LinkageError` for what is not one, or is of a newer version."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise LinkageError(
                f"The model {path.name} cannot be read ({type(problem).__name__})."
            ) from problem
        return cls.from_json(text, path.name)

    @classmethod
    def from_json(cls, text: str, name: str = "model") -> "Model":
        """A model from its text; `name` is what messages call it."""
        try:
            kept = json.loads(text)
            version = int(kept["version"])
        except (ValueError, KeyError, TypeError) as problem:
            raise LinkageError(
                f"{name} is no linkage model. Train one with --train or use default."
            ) from problem
        if version > VERSION:
            raise LinkageError(
                f"{name} is a model of version {version}; this Philoxenia reads up to version {VERSION}. "
                "Install the newer Philoxenia or train the model here."
            )
        return _from_kept(kept, name)


def _from_kept(kept: Mapping[str, Any], name: str) -> Model:
    try:
        comparisons = {
            str(comparison): tuple(
                Level(int(x["value"]), str(x["words"]), float(x["m"]), float(x["u"]), float(x["h"]))
                for x in levels
            )
            for comparison, levels in kept["comparisons"].items()
        }
        slope, intercept = map(float, kept["calibration"])
        model = Model(
            basis=str(kept["basis"]),
            comparisons=comparisons,
            prior=float(kept["prior"]),
            fingerprint=str(kept["fingerprint"]),
            trained_on=dict(kept["trained_on"]),
            calibration=(slope, intercept),
            version=int(kept["version"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise LinkageError(f"{name} is damaged: a part of the model is missing. Train it again.") from problem
    _check_chances(model, name)
    return model


def _check_chances(model: Model, name: str) -> None:
    levels = [level for found in model.comparisons.values() for level in found]
    chances = [chance for level in levels for chance in (level.m, level.u)]
    if not chances or not all(0 < chance <= 1 for chance in [*chances, model.prior]):
        raise LinkageError(f"{name} is damaged: a probability lies outside 0 to 1. Train it again.")


def model_named(model: "str | Path | Model") -> Model:
    """A model as it is, the one shipped under a name (`default`), or the one in a file."""
    if isinstance(model, Model):
        return model
    shipped = files("philoxenia.linkage") / "models" / f"{model}.json"
    if isinstance(model, str) and model.isidentifier() and shipped.is_file():
        return Model.from_json(shipped.read_text(encoding="utf-8"), str(model))
    if not Path(model).is_file():
        raise LinkageError(
            f"There is no model {Path(model).name!r}. Give `default` or a file that --train wrote."
        )
    return Model.load(Path(model))
