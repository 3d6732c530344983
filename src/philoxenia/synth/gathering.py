"""Gathers the lists of names: from Faker's wheel (MIT) and from `names/common.csv`, into `names/names.csv`.

Run once when a list changes, never at run time, and without importing Faker:
`python -m philoxenia.synth.gathering FAKER.whl PYPINYIN.whl`
"""

import ast
import csv
import hashlib
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

FOLDER = Path(str(files("philoxenia.reference"))) / "tables" / "names"
COLUMNS = ("origin", "part", "native", "base", "forms", "source")
MOST = {"given_male": 150, "given_female": 150, "family": 300}
# Which of Faker's lists an origin takes: locale, its list, our part.
TAKEN = (
    *(("en", "en_US", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("en", "en_US", "last_names", "family"),
    *(("fr", "fr_CA", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("fr", "fr_CA", "last_names", "family"),
    *(("es", "es_CO", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("es", "es_MX", "last_names", "family"),
    *(("tl", "es_CO", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    *(("pt", "pt_PT", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("pt", "pt_PT", "last_names", "family"),
    *(("it", "it_IT", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("it", "it_IT", "last_names", "family"),
    *(("pl", "pl_PL", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("pl", "pl_PL", "unisex_last_names", "family"),
    *(("ro", "ro_RO", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("ro", "ro_RO", "last_names", "family"),
    *(("hu", "hu_HU", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("hu", "hu_HU", "last_names", "family"),
    *(("tr", "tr_TR", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("tr", "tr_TR", "last_names", "family"),
    *(("in", "en_IN", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("in", "en_IN", "last_names", "family"),
    *(("pa", "en_IN", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    *(("ru", "ru_RU", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("ru", "ru_RU", "last_names_male", "family"),
    *(("uk", "uk_UA", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("uk", "uk_UA", "last_names_common", "family"),
    *(("el", "el_GR", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("el", "el_GR", "last_names_male", "family"),
    *(("zh", "zh_TW", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    *(("zh", "zh_CN", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    *(("ta", "ta_IN", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    *(("ko", "ko_KR", f"first_names_{sex}", f"given_{sex}") for sex in ("male", "female")),
    ("ko", "ko_KR", "last_names", "family"),
)
Row = tuple[str, str, str, str, str, str]


def read_lists(wheel: ZipFile, locale: str) -> dict[str, list[str]]:
    """The literal lists of one of Faker's locales, by name; those computed from others are added up."""
    tree = ast.parse(wheel.read(f"faker/providers/person/{locale}/__init__.py").decode("utf-8"))
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                found.setdefault(target.id, list(_texts(node.value, found)))
    return found


def _texts(node: ast.AST, known: Mapping[str, list[str]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for part in node.elts:
            # A pair in an OrderedDict is a name and its frequency: the name alone has text.
            yield from _texts(part, known)
    elif isinstance(node, ast.Dict):
        for entry in node.keys:
            yield from _texts(entry, known) if entry is not None else ()
    elif isinstance(node, ast.Call):
        for part in node.args:
            yield from _texts(part, known)
    elif isinstance(node, ast.BinOp):
        yield from _texts(node.left, known)
        yield from _texts(node.right, known)
    elif isinstance(node, ast.Name):
        yield from known.get(node.id, [])


def _shuffled(names: Iterable[str]) -> list[str]:
    """Lists in the order of the alphabet would make names with A common; the hash is the same everywhere."""
    return sorted(dict.fromkeys(names), key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def pinyin_of(wheel: ZipFile) -> dict[str, str]:
    """The usual reading of each Chinese character, without tones."""
    table = json.loads(wheel.read("pypinyin/pinyin_dict.json").decode("utf-8"))
    return {chr(int(code)): _plain(str(sounds).split(",")[0]) for code, sounds in table.items()}


def _plain(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(kept).replace("ü", "u")


HANGUL_INITIALS = [
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
]
HANGUL_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
HANGUL_FINALS = [
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "p",
    "t",
    "t",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]


def hangul_sounds(text: str) -> str:
    """Revised Romanization (2000) syllable by syllable, without changes between syllables."""
    sounds = []
    for letter in text:
        index = ord(letter) - 0xAC00
        initial, rest = divmod(index, 588)
        sounds.append(HANGUL_INITIALS[initial] + HANGUL_VOWELS[rest // 28] + HANGUL_FINALS[rest % 28])
    return " ".join(sounds)


TAMIL = dict(
    zip(
        "கஙசஞடணதநபமயரலவழளறனஜஷஸஹ",
        [
            "k",
            "ng",
            "s",
            "ny",
            "t",
            "n",
            "th",
            "n",
            "p",
            "m",
            "y",
            "r",
            "l",
            "v",
            "zh",
            "l",
            "r",
            "n",
            "j",
            "sh",
            "s",
            "h",
        ],
        strict=True,
    )
)
TAMIL_VOWELS = dict(
    zip("அஆஇஈஉஊஎஏஐஒஓஔ", ["a", "aa", "i", "ee", "u", "oo", "e", "e", "ai", "o", "o", "au"], strict=True)
)
TAMIL_SIGNS = dict(
    zip("ாிீுூெேைொோௌ", ["aa", "i", "ee", "u", "oo", "e", "e", "ai", "o", "o", "au"], strict=True)
)


def tamil_sounds(text: str) -> str:
    """Tamil letters as commonly spelt in English; the vowel a stands where no sign does."""
    sounds = ""
    # Vowels written in two signs become one letter.
    text = unicodedata.normalize("NFC", text)
    for here, after in zip(text, text[1:] + " ", strict=True):
        sounds += TAMIL.get(here, TAMIL_VOWELS.get(here, TAMIL_SIGNS.get(here, "")))
        if here in TAMIL and after not in TAMIL_SIGNS and after != "்":
            sounds += "a"
    return sounds


def _base(origin: str, native: str, pinyin: Mapping[str, str]) -> str:
    if origin == "zh":
        return " ".join(pinyin.get(letter, "") for letter in native)
    if origin == "ko":
        return hangul_sounds(native)
    return tamil_sounds(native) if origin == "ta" else ""


def gather(faker: ZipFile, pypinyin: ZipFile) -> list[Row]:
    """All rows: the lists written by hand first, then Faker's, each at most as long as `MOST` says."""
    with (FOLDER / "common.csv").open(encoding="utf-8", newline="") as handle:
        rows: list[Row] = [
            (r["origin"], r["part"], r["native"], r["base"], r["forms"], "general knowledge")
            for r in csv.DictReader(handle)
        ]
    pinyin = pinyin_of(pypinyin)
    for origin, locale, name, part in TAKEN:
        listed = (text.strip(" ,") for text in read_lists(faker, locale)[name])
        taken = _shuffled(text for text in listed if text)
        rows += [
            (origin, part, text, _base(origin, text, pinyin), "", f"Faker {locale}")
            for text in taken[: MOST[part]]
        ]
    return _once(rows)


def _once(rows: Sequence[Row]) -> list[Row]:
    return list({row[:3]: row for row in reversed(rows)}.values())[::-1]


def main(wheels: Sequence[str]) -> int:
    """Write `names.csv` from the two wheels named on the command line."""
    faker, pypinyin = (ZipFile(path) for path in wheels)
    rows = gather(faker, pypinyin)
    with (FOLDER / "names.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"{len(rows):,} names")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
