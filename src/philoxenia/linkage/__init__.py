"""Which records of several lists are one person, household or organisation, for a stated purpose and no
longer.

What is named here loads at its first use: names and dates are read by processes that never link.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from philoxenia.linkage.linked import Linked
    from philoxenia.linkage.model import Model
    from philoxenia.linkage.purpose import Purpose, destroy_key, read_purpose
    from philoxenia.linkage.run import link
    from philoxenia.linkage.training import train
    from philoxenia.linkage.types import LinkageError, TrainSpec
    from philoxenia.linkage.waterfalls import waterfall

__all__ = [
    "LinkageError",
    "Linked",
    "Model",
    "Purpose",
    "TrainSpec",
    "destroy_key",
    "link",
    "read_purpose",
    "train",
    "waterfall",
]

_HOMES = {
    "LinkageError": "types",
    "Linked": "linked",
    "Model": "model",
    "Purpose": "purpose",
    "TrainSpec": "types",
    "destroy_key": "purpose",
    "link": "run",
    "read_purpose": "purpose",
    "train": "training",
    "waterfall": "waterfalls",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
