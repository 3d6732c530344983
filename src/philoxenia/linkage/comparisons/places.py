"""Telephones, e-mail and addresses brought to one form; the same for people and for organisations."""

import polars as pl

from philoxenia.linkage.comparisons.tables import streets, thresholds

_LEAST_DIGITS = 7
_WORD = r"[^\p{L}\p{N}]"


def filled(text: pl.Expr) -> pl.Expr:
    """A text, null where it is empty."""
    return pl.when(text.str.len_chars() > 0).then(text)


def plainly(name: str) -> pl.Expr:
    """A column in lower case, widths and ligatures of letters made one."""
    return pl.col(name).str.normalize("NFKC").str.to_lowercase()


def signs(name: str) -> pl.Expr:
    """Letters and digits of a column alone, in lower case."""
    return filled(plainly(name).str.replace_all(_WORD, ""))


def contact_columns() -> tuple[pl.Expr, ...]:
    """phone_key (last digits), email_key, email_name (before the @) from phone and email."""
    digits = pl.col("phone").str.replace_all(r"\D", "")
    last = digits.str.slice(-int(thresholds()["phone_digits"]))
    email = plainly("email").str.strip_chars()
    return (
        pl.when(digits.str.len_chars() >= _LEAST_DIGITS).then(last).alias("phone_key"),
        filled(email).alias("email_key"),
        filled(email.str.extract(r"^([^@]{5,})@")).alias("email_name"),
    )


def place_columns() -> tuple[pl.Expr, ...]:
    """address_key, house_key, postal_key, locality_key from the columns of an address."""
    lines = pl.concat_str(
        [plainly(name).fill_null("") for name in ("house_number", "address", "address_2")], separator=" "
    )
    words = lines.str.replace_all(_WORD + "+", " ").str.strip_chars().str.split(" ")
    short = words.list.eval(pl.element().replace(dict(streets()))).list.join(" ")
    number = pl.coalesce(pl.col("house_number"), pl.col("address")).str.extract(r"(\d+)")
    return (
        filled(short).alias("address_key"),
        filled(number).alias("house_key"),
        signs("postal_code").alias("postal_key"),
        signs("locality").alias("locality_key"),
    )
