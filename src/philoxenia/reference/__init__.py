"""The blueprint, the City Resilience Framework, parameters and code lists, as tables.

Owns every number the engine uses as a default: name, unit, default, low, high, description, source, date.
Ignores cities: a city overrides a parameter in its `city.toml`.
"""

from philoxenia.reference.parameters import Parameter, Parameters, default_parameters
from philoxenia.reference.tables import reference_table

__all__ = ["Parameter", "Parameters", "default_parameters", "reference_table"]
