"""Numbers as people write them: `1,204`, `1 204,5`, `(960.58)`, `$12`, `30.3%`, `١٢٣`.

Whether a comma divides thousands or decimals is decided for a whole column: one cell that can only be read
one way settles the cells that can be read both ways.
"""

import polars as pl

# Arabic-Indic and Persian digits, and the signs that go with them.
_DIGITS = {chr(0x0660 + i): str(i) for i in range(10)} | {chr(0x06F0 + i): str(i) for i in range(10)}
_SIGNS = {"٫": ".", "٬": ",", "−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"}
_NOISE = r"(?i)(?:ca\$|us\$|c\$|cad|usd|eur|gbp|\$|€|£|\+)"

_COMMA_THOUSANDS = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"
_DOT_THOUSANDS = r"^-?\d{1,3}(\.\d{3})+(,\d+)?$"
_COMMA_DECIMAL = r"^-?\d+,\d+$"
_SURE_COMMA_DECIMAL = r"^-?(\d+,\d{1,2}|\d+,\d{4,}|0,\d+|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d+)$"
_SURE_DOT_THOUSANDS = r"^-?\d{1,3}(\.\d{3}){2,}$|^-?\d{1,3}(\.\d{3})+,\d+$"
_PLAIN = r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$|^-?\.\d+$"


def bare(text: pl.Series) -> pl.Series:
    """Digits, separators and a leading minus: currency, spaces, brackets and foreign digits are turned into
    those.
    """
    signs = text.str.replace_many(
        list(_DIGITS) + list(_SIGNS), list(_DIGITS.values()) + list(_SIGNS.values())
    )
    stripped = signs.str.replace_all(_NOISE, "").str.strip_chars().str.strip_suffix("%").str.strip_chars()
    negative = stripped.str.contains(r"^\(.*\)$") | stripped.str.contains(r"^[^-].*-$")
    digits = stripped.str.strip_chars("()").str.strip_suffix("-")
    # A space or apostrophe counts as a separator of thousands only between groups of three digits.
    grouped = digits.str.contains(r"^-?\d{1,3}([ ']\d{3})+([.,]\d+)?$")
    digits = pl.select(
        pl.when(grouped).then(digits.str.replace_all("[ ']", "")).otherwise(digits)
    ).to_series()
    return pl.select(pl.when(negative).then("-" + digits).otherwise(digits)).to_series()


def comma_is_decimal(bared: pl.Series, whole_numbers: bool, degrees: bool) -> bool:
    """Whether a lone comma divides decimals in this column."""
    if degrees or bared.str.contains(_SURE_COMMA_DECIMAL).any():
        return not (
            bared.str.contains(r"^-?\d{1,3}(,\d{3})+\.\d+$").any() or bared.str.contains(r"(,\d{3}){2}").any()
        )
    return False if whole_numbers else bool(bared.str.contains(_SURE_DOT_THOUSANDS).any())


def dots_are_thousands(bared: pl.Series, whole_numbers: bool, decimal_comma: bool) -> bool:
    """Whether `1.204` means one thousand two hundred and four in this column."""
    if bared.str.contains(_SURE_DOT_THOUSANDS).any():
        return True
    lone = bared.str.contains(r"^-?\d{1,3}\.\d{3}$")
    dotted = bared.str.contains(".", literal=True)
    return bool((whole_numbers or decimal_comma) and lone.any() and (lone == dotted).all())


def read_numbers(text: pl.Series, whole_numbers: bool = False, degrees: bool = False) -> pl.Series:
    """Float64 for each text, null where it is no number. `degrees` prefers a decimal comma."""
    bared = bare(text)
    decimal_comma = comma_is_decimal(bared, whole_numbers, degrees)
    dotted = dots_are_thousands(bared, whole_numbers, decimal_comma)
    commas = pl.col("t").str.replace_all(",", "")
    swapped = pl.col("t").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    plain = pl.col("t").str.contains(_PLAIN)
    choice = (
        pl.when(
            pl.col("t").str.contains(_DOT_THOUSANDS)
            & (dotted | pl.col("t").str.contains(_SURE_DOT_THOUSANDS))
        )
        .then(swapped)
        .when(plain)
        .then(pl.col("t"))
        .when(pl.col("t").str.contains(_COMMA_DECIMAL) & pl.lit(decimal_comma))
        .then(swapped)
        .when(pl.col("t").str.contains(_COMMA_THOUSANDS))
        .then(commas)
        .when(pl.col("t").str.contains(_COMMA_DECIMAL) & pl.lit(not whole_numbers))
        .then(swapped)
    )
    numbers = pl.DataFrame({"t": bared}).select(choice.cast(pl.Float64, strict=False).alias("n"))["n"]
    return numbers.set(~numbers.is_finite().fill_null(True), None)


def read_number_cells(text: pl.Series, kind: str, percent_points: bool) -> pl.DataFrame:
    """Numbers no plain cast could read, as a reading (value and rule); `kind` is the column's type.

    A percentage becomes a share of 1: where it has its sign, and in a column of `percent_points` without one.
    """
    whole = kind == "integer"
    numbers = read_numbers(text, whole, kind in ("latitude", "longitude"))
    frame = pl.DataFrame({"t": text, "n": numbers})
    signed = pl.col("t").str.contains("%", literal=True)
    wrong = pl.col("n").is_null() | (pl.lit(whole) & (pl.col("n") != pl.col("n").round()))
    # 12.0 and 1.2E3 are whole numbers written by a program, not a notation worth a line in the log.
    plain = pl.lit(whole) & pl.col("t").str.contains(r"^\s*-?\d+\.0*\s*$")
    value = pl.when(wrong).then(None).otherwise(pl.col("n"))
    if kind == "percent":
        value = pl.when(signed | pl.lit(percent_points)).then(value / 100).otherwise(value)
    rule = (
        pl.when(wrong)
        .then(pl.lit(_WRONG.get(kind, "not_number")))
        .when(plain)
        .then(None)
        .when(pl.lit(kind == "percent") & signed)
        .then(pl.lit("percent_notation"))
        .otherwise(pl.lit("number_notation"))
    )
    dtype = pl.Int64 if whole else pl.Float64
    return frame.select(value.cast(dtype).alias("value"), rule.alias("rule"))


_WRONG = {"percent": "not_percent", "integer": "not_integer"}
