"""Which records of several lists are one person, household or organisation, for a stated purpose and no
longer."""

from philoxenia.linkage.linked import Linked
from philoxenia.linkage.model import Model
from philoxenia.linkage.purpose import Purpose, destroy_key, read_purpose
from philoxenia.linkage.run import link
from philoxenia.linkage.training import train
from philoxenia.linkage.types import LinkageError, TrainSpec
from philoxenia.linkage.waterfall import waterfall

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
