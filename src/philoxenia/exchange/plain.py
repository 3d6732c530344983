"""Obvious, slow versions of the fast readers, for the tests to hold them against."""

import csv
import io
import re


def plain_rows(text: str, delimiter: str) -> list[list[str]]:
    """Rows by Python's own reader."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def plain_number(text: str) -> float | None:
    """One number on its own, where no other cell tells what a comma means; None where it is none."""
    tidy = text.replace("\u00a0", " ").replace("$", "").strip()
    tidy = tidy[:-1].strip() if tidy.endswith("%") else tidy
    negative = bool(re.fullmatch(r"\(.*\)", tidy) or re.fullmatch(r"[^-].*-", tidy))
    tidy = tidy.strip("()")
    tidy = tidy[:-1] if tidy.endswith("-") else tidy
    if re.fullmatch(r"-?\d{1,3}([ ']\d{3})+([.,]\d+)?", tidy):
        tidy = re.sub("[ ']", "", tidy)
    return _plain_value(f"-{tidy}" if negative else tidy)


def _plain_value(text: str) -> float | None:
    if re.fullmatch(r"-?\d{1,3}(\.\d{3}){2,}|-?\d{1,3}(\.\d{3})+,\d+", text):
        return float(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"-?\d+(\.\d+)?|-?\.\d+", text):
        return float(text)
    if re.fullmatch(r"-?(\d+,\d{1,2}|\d+,\d{4,}|0,\d+|\d{4,},\d+)", text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return float(text.replace(",", ""))
    return None
