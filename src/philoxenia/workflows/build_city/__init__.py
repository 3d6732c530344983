"""City packages: built from raw extracts by a recipe, or started from the template.

Owns the steps a recipe may name; ignores what the tables are used for.
"""

from philoxenia.workflows.build_city.build import BuiltTable, build_city
from philoxenia.workflows.build_city.problems import BuildError, RecipeError
from philoxenia.workflows.build_city.template import new_city, tables_page

__all__ = ["BuildError", "BuiltTable", "RecipeError", "build_city", "new_city", "tables_page"]
