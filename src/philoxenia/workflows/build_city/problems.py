"""What can be wrong with a recipe or a build, as sentences."""

from philoxenia.vocabulary import PhiloxeniaError


class RecipeError(PhiloxeniaError):
    """The recipe is wrong or does not fit the extracts; the message names table, step and remedy."""

    exit_code = 2


class BuildError(PhiloxeniaError):
    """An extract or a built table is refused by its contract; the message names file, rule and remedy."""

    exit_code = 3
