"""The groups that error rates are told by: script and origin of the name, sex. No other property is looked
at."""

import polars as pl

# Unicode script of the first letter that has one; names of scripts as ISO 15924 writes them in words.
_SCRIPTS = (
    ("arabic", r"\p{Arabic}"),
    ("cyrillic", r"\p{Cyrillic}"),
    ("greek", r"\p{Greek}"),
    ("ethiopic", r"\p{Ethiopic}"),
    ("han", r"\p{Han}"),
    ("latin", r"\p{Latin}"),
)
_NAMES = ("given_name", "middle_name", "family_name", "full_name")


def with_groups(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with script, sex and name_origin, `unknown` where nothing tells.

    What the preparation of names found is kept; where it found nothing, the letters of the name tell its
    script and the language of the record its origin.
    """
    return frame.with_columns(
        _script(frame),
        pl.col("sex").fill_null("unknown") if "sex" in frame.columns else pl.lit("unknown").alias("sex"),
        _origin(frame),
    )


def _script(frame: pl.DataFrame) -> pl.Expr:
    if "script" in frame.columns:
        return pl.col("script").fill_null("unknown")
    name = pl.concat_str([pl.col(n) for n in _NAMES if n in frame.columns], separator=" ", ignore_nulls=True)
    found: pl.Expr = pl.lit("unknown")
    for script, letters in reversed(_SCRIPTS):
        found = pl.when(name.str.contains(letters)).then(pl.lit(script)).otherwise(found)
    return found.alias("script")


def _origin(frame: pl.DataFrame) -> pl.Expr:
    if "name_origin" in frame.columns:
        return pl.col("name_origin").fill_null("unknown")
    if "language" in frame.columns:
        return pl.col("language").str.to_lowercase().fill_null("unknown").alias("name_origin")
    return pl.lit("unknown").alias("name_origin")
