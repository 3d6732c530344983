"""Names as a department writes them: script, spelling, parts swapped, joined, split, dropped or mistyped."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import Parameters
from philoxenia.synth.names import Book
from philoxenia.synth.naming import Named
from philoxenia.synth.slips import Slips, chosen, emptied, mistyped

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
PARTS = ("given_name", "middle_name", "family_name")


def written_names(
    named: Named,
    who: Ints,
    book: Book,
    slips: Slips,
    own_script: float,
    parameters: Parameters,
) -> tuple[dict[str, pl.Series], Bools]:
    """Given, second and family name of each record, and whether it is in a script other than Latin."""
    origin = named.origin[who]
    foreign = np.array([not tradition.latin for tradition in book.origins])[origin]
    own = foreign & (slips.rng.random(len(who)) < own_script)
    other = slips.meet("transliteration", ~own)
    seeds = np.where(other, slips.rng.integers(0, 1 << 30, len(who)), named.spelling[who])
    written = {
        part: _text(book, names[who], own, seeds, number, parameters)
        for number, (part, names) in enumerate(
            (
                ("given_name", named.given),
                ("middle_name", named.second),
                ("family_name", named.family),
                ("family_2", named.family_2),
            )
        )
    }
    usual = _text(book, named.given[who], own, named.spelling[who], 0, parameters)
    usual_family = _text(book, named.family[who], own, named.spelling[who], 2, parameters)
    same = (usual == written["given_name"]) & (usual_family == written["family_name"]).fill_null(True)
    slips.made["transliteration"] = other & ~same.fill_null(True).to_numpy()
    written = _second_family(written, slips)
    father = np.array([t.system in ("father", "father_only") for t in book.origins])[origin]
    return _slipped(_arranged(written, father, slips), slips), own


def _text(book: Book, names: Ints, own: Bools, seeds: Ints, part: int, parameters: Parameters) -> pl.Series:
    """Names in the form that own script or the seed of the spelling decides."""
    known = np.where(names >= 0, names, 0)
    schemes, forms = book.schemes[known], book.forms[known]
    # One scheme spells all parts; the first, the commonest, takes half.
    mixed = (seeds >> 3) % (2 * schemes)
    form = 1 + np.where(mixed >= schemes, 0, mixed)
    extra = forms - 1 - schemes
    draw = _hashed(seeds, part)
    takes = (extra > 0) & (draw % 1000 < 1000 * parameters["synth.own_spelling_share"])
    form = np.where(takes, 1 + schemes + (draw // 1000) % np.maximum(extra, 1), form)
    return book.written(names, np.where(own, 0, form))


def text_of(
    named: Named, book: Book, who: Ints, names: Ints, own: Bools, part: int, parameters: Parameters
) -> pl.Series:
    """One part of some people's names as their documents write it: in own script where `own` says so."""
    return _text(book, names[who], own, named.spelling[who], part, parameters)


def _hashed(seeds: Ints, part: int) -> Ints:
    """A number for a part of a name that does not tell that of the next part."""
    mixed = (seeds.astype(np.uint64) + np.uint64(part + 1)) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray((mixed >> np.uint64(33)).astype(np.int64))


def _joined(first: pl.Series, second: pl.Series) -> pl.Series:
    text = pl.concat_str([first, second], separator=" ", ignore_nulls=True)
    return pl.select(pl.when(text != "").then(text).alias("t")).to_series()


def _second_family(written: dict[str, pl.Series], slips: Slips) -> dict[str, pl.Series]:
    family, second = written["family_name"], written.pop("family_2")
    two = second.is_not_null().to_numpy()
    short = slips.meet("family_shortened", two)
    return {**written, "family_name": _joined(family, emptied(second, short))}


def _arranged(written: dict[str, pl.Series], father: Bools, slips: Slips) -> dict[str, pl.Series]:
    """Parts that move: father's name as family name, second names dropped or joined, names swapped."""
    given, second, family = (written[part] for part in PARTS)
    has = second.is_not_null().to_numpy()
    moved = slips.meet("father_as_family", father & has)
    family = chosen(moved, second, family)
    dropped = slips.meet("second_dropped", has & ~moved)
    joined = slips.meet("second_joined", has & ~moved & ~dropped)
    given = chosen(joined, _joined(given, second), given)
    second = emptied(second, moved | dropped | joined)
    two_words = given.str.contains(" ", literal=True).to_numpy() & second.is_null().to_numpy() & ~joined
    split = slips.meet("given_split", two_words)
    words = given.str.splitn(" ", 2).struct.unnest()
    given, second = chosen(split, words["field_0"], given), chosen(split, words["field_1"], second)
    swap = slips.meet("swapped_parts")
    given, family = (
        slips.changed("swapped_parts", given, family, swap),
        chosen(swap, given, family),
    )
    return {"given_name": given, "middle_name": second, "family_name": family}


def _slipped(written: dict[str, pl.Series], slips: Slips) -> dict[str, pl.Series]:
    for part, typo, missing in (
        ("given_name", "typo_given", "given_missing"),
        ("family_name", "typo_family", "family_missing"),
    ):
        hit = slips.meet(typo)
        after = mistyped(written[part], hit, slips.rng)
        text = slips.changed(typo, written[part], after, hit)
        written[part] = emptied(text, slips.meet(missing))
    return written


def styled(
    written: dict[str, pl.Series], style: str, upper: bool, family_first: Bools
) -> dict[str, pl.Series]:
    """The parts in the department's columns: parts, full (one cell) or comma (FAMILY, Given Second)."""
    if upper:
        written = {part: text.str.to_uppercase() for part, text in written.items()}
    if style == "parts":
        return written
    given, second, family = (written[part] for part in PARTS)
    first = _joined(given, second)
    if style == "comma":
        comma = pl.concat_str([family.str.to_uppercase(), first], separator=", ", ignore_nulls=True)
        return {"full_name": pl.select(pl.when(comma != "").then(comma).alias("t")).to_series()}
    return {"full_name": chosen(family_first, _joined(family, first), _joined(first, family))}
