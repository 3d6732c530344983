"""Comparisons of people in named levels, as Splink takes them: the same SQL text on DuckDB and Spark.

Level words are what reviewers read; a missing value is always a level of its own, without weight. Cheap
levels come first: a string distance is computed only for pairs that no earlier level took.
"""

from collections.abc import Sequence

from splink.internals.comparison_creator import ComparisonCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator
from splink.internals.dialects import SplinkDialect

from philoxenia.linkage.comparisons.preparing import IDENTIFIERS
from philoxenia.linkage.comparisons.tables import thresholds


class Level(ComparisonLevelCreator):
    """One level: its words and a condition in SQL both engines read.

    `{jaro_winkler}`, `{edits}` and `{overlap}` stand for the engine's names of two distances and of the test
    whether two lists share a member. `rare` names the column whose frequency the weight follows.
    """

    def __init__(
        self, words: str, condition: str, *, rare: str = "", least: float | None = None, null: bool = False
    ) -> None:
        self._words, self._condition = words, condition
        self.is_null_level = null
        if rare:
            self.configure(
                tf_adjustment_column=rare,
                tf_adjustment_weight=1.0,
                tf_minimum_u_value=least or thresholds()["rare_name_share"],
                disable_tf_exact_match_detection=True,
            )

    def create_sql(self, sql_dialect: SplinkDialect) -> str:
        """The condition in one engine's dialect."""
        return self._condition.format(
            jaro_winkler=sql_dialect.jaro_winkler_function_name,
            edits=sql_dialect.damerau_levenshtein_function_name,
            overlap="list_has_any" if sql_dialect.sql_dialect_str == "duckdb" else "arrays_overlap",
        )

    def create_label_for_charts(self) -> str:
        """The level in words."""
        return self._words


class Levels(ComparisonCreator):
    """A comparison made of levels; the first that holds is the pair's."""

    def __init__(self, name: str, needs: str, levels: Sequence[Level], otherwise: str) -> None:
        self._name, self._otherwise = name, otherwise
        missing = Level("not known on one side", f"{needs}_l IS NULL OR {needs}_r IS NULL", null=True)
        self._levels = [missing, *levels, Level(otherwise, "ELSE")]
        super().__init__(needs)

    def create_comparison_levels(self) -> list[ComparisonLevelCreator]:
        """Missing first, everything else last."""
        return list(self._levels)

    def create_output_column_name(self) -> str:
        """The name of the comparison in results."""
        return self._name


def same(column: str) -> str:
    """SQL: both sides hold the same value of a column."""
    return f"{column}_l = {column}_r"


def comparisons(columns: Sequence[str] = ()) -> list[Levels]:
    """The comparisons that suit prepared lists; `columns` are the columns there are, all where empty."""
    found = [
        name_part("given", "given name"),
        name_part("family", "family name"),
        _middle(),
        _birth(),
        _sex(),
        _language(),
        _phone(),
        _email(),
        _home(),
        *(_identifier(name) for name in IDENTIFIERS),
    ]
    return [one for one in found if not columns or one.col_expression.raw_sql_expression in columns]


def name_part(part: str, said: str) -> Levels:
    """Given or family name: spelling, key, elsewhere in the name, loose key, initial, nearness."""
    spelling = f"{part}_spelling"
    levels = [
        Level(f"same {said}, same spelling", same(spelling), rare=f"{part}_key"),
        Level(f"same {said} in another spelling or script", same(f"{part}_key"), rare=f"{part}_key"),
        Level(f"{said} stands elsewhere in the other name", _elsewhere(part)),
        Level(f"{said} of similar consonants", same(f"{part}_loose")),
        Level(f"only the initial of the {said}, and it fits", _initial(spelling)),
        Level(f"near in spelling ({said})", _near(f"{part}_canonical")),
    ]
    return Levels(f"{part}_name", f"{part}_key", levels, f"another {said}")


def _near(column: str) -> str:
    """One slip, or two in a long name. Edits, not Jaro-Winkler: engines disagree on that for long names."""
    edits, more, long = (int(thresholds()[name]) for name in ("name_edits", "long_name_edits", "long_name"))
    left, right = f"{column}_l", f"{column}_r"
    two = f"least(length({left}), length({right})) >= {long} AND levenshtein({left}, {right}) <= {more}"
    close = f"abs(length({left}) - length({right})) <= {more}"
    return f"{close} AND ({{edits}}({left}, {right}) <= {edits} OR ({two}))"


def _elsewhere(part: str) -> str:
    key = f"{part}_key"
    return f"array_contains(name_keys_r, {key}_l) OR array_contains(name_keys_l, {key}_r)"


def _initial(spelling: str) -> str:
    short = f"length({spelling}_l) = 1 OR length({spelling}_r) = 1"
    return f"({short}) AND substr({spelling}_l, 1, 1) = substr({spelling}_r, 1, 1)"


def _middle() -> Levels:
    levels = [
        Level("same middle or father's name", same("middle_key"), rare="middle_key"),
        Level("middle or father's name stands elsewhere in the other name", _elsewhere("middle")),
        Level(
            "middle or father's name of similar consonants, or its initial",
            f"{same('middle_loose')} OR ({_initial('middle_spelling')})",
        ),
    ]
    return Levels("middle_name", "middle_key", levels, "another middle or father's name")


def _birth() -> Levels:
    days = int(thresholds()["calendar_days"])
    # Only the lunar calendar depends on who saw the moon.
    readings = " OR ".join(
        f"abs(birth_number_{one} - birth_{calendar}_{other}) <= {days if calendar == 'hijri' else 0}"
        for calendar in ("ethiopian", "hijri", "julian")
        for one, other in (("l", "r"), ("r", "l"))
    )
    two = " OR ".join(
        f"(birth_{left}_l = birth_{left}_r AND birth_{right}_l = birth_{right}_r)"
        for left, right in (("year", "month"), ("year", "day"), ("month", "day"))
    )
    heaped = "(birth_heaped_l OR birth_heaped_r)"
    either = "birth_number_l IS NULL OR birth_number_r IS NULL"
    overlap = "birth_year_l <= birth_last_year_r AND birth_year_r <= birth_last_year_l"
    months = "coalesce(birth_month_l, birth_month_r) = coalesce(birth_month_r, birth_month_l)"
    levels = [
        Level("same day of birth", f"{same('birth_number')} AND NOT {heaped}"),
        Level("same day of birth, but a day given where it is not known", same("birth_number")),
        Level(
            "same year, day or month not known on one side",
            f"({either}) AND {overlap} AND (birth_month_l IS NULL OR birth_month_r IS NULL OR {months})",
        ),
        Level(
            "day and month exchanged", "birth_number_l = birth_swapped_r OR birth_swapped_l = birth_number_r"
        ),
        Level("same day in another calendar", readings),
        Level("one digit of the date differs", f"({two}) AND {{edits}}(birth_text_l, birth_text_r) <= 1"),
        Level("same year, a day given where it is not known", f"{same('birth_year')} AND {heaped}"),
        Level("two of day, month and year are the same", two),
        Level("same year of birth only", overlap),
    ]
    return Levels("birth_date", "birth_year", levels, "another date of birth")


def _sex() -> Levels:
    return Levels("sex", "sex_key", [Level("same sex", same("sex_key"))], "another sex")


def _language() -> Levels:
    level = Level("same language", same("language_key"), rare="language_key")
    return Levels("language", "language_key", [level], "another language")


def _phone() -> Levels:
    levels = [
        Level(
            "same telephone, one given name only",
            f"{same('phone_key')} AND NOT (phone_shared_l OR phone_shared_r)",
        ),
        Level("same telephone, shared by several people", same("phone_key")),
        Level("one digit of the telephone differs", "{edits}(phone_key_l, phone_key_r) <= 1"),
    ]
    return Levels("phone", "phone_key", levels, "another telephone")


def _email() -> Levels:
    levels = [
        Level("same e-mail address", same("email_key")),
        Level("same e-mail name at another provider", same("email_name")),
        Level("one letter of the e-mail address differs", "{edits}(email_key_l, email_key_r) <= 1"),
        Level("a few letters of the e-mail address differ", _close("email_key", "email")),
    ]
    return Levels("email", "email_key", levels, "another e-mail address")


def _home() -> Levels:
    """Address, postal code and locality as one comparison: they say nearly the same, so they count once."""
    levels = [
        Level("same address", same("address_key")),
        Level("same house number and postal code", f"{same('house_key')} AND {same('postal_key')}"),
        Level("near address", _close("address_key", "address")),
        Level("same postal code", same("postal_key")),
        Level(
            "same town or suburb",
            same("locality_key"),
            rare="locality_key",
            least=thresholds()["rare_town_share"],
        ),
    ]
    return Levels("home", "home_key", levels, "another address")


def _close(column: str, said: str) -> str:
    """A few edits between long texts; lengths first, which are quick to compare."""
    edits, least = int(thresholds()[f"{said}_edits"]), int(thresholds()[f"{said}_least"])
    left, right = f"{column}_l", f"{column}_r"
    long = f"least(length({left}), length({right})) >= {least}"
    like = f"abs(length({left}) - length({right})) <= {edits}"
    return f"{long} AND {like} AND levenshtein({left}, {right}) <= {edits}"


def _identifier(name: str) -> Levels:
    said = {
        "id_health": "health number",
        "id_city_card": "city card",
        "id_social": "social number",
        "id_school": "pupil number",
    }[name]
    edits = int(thresholds()["identifier_edits"])
    levels = [
        Level(f"same {said}", same(f"{name}_key")),
        Level(f"{said} but for one sign", f"{{edits}}({name}_key_l, {name}_key_r) <= {edits}"),
    ]
    return Levels(name, f"{name}_key", levels, f"another {said}")
