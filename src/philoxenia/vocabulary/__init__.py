"""The shared words of the engine as frozen values. Owns their meaning; ignores where data come from."""

from philoxenia.vocabulary.aspects import Aspect
from philoxenia.vocabulary.periods import Frequency, Period, parse_period
from philoxenia.vocabulary.populations import Population
from philoxenia.vocabulary.problems import PhiloxeniaError

__all__ = ["Aspect", "Frequency", "Period", "PhiloxeniaError", "Population", "parse_period"]
