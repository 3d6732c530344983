"""The catalogue of questions a rule may ask, and what counts as an answer.

Owns kinds, choices and bounds (table `directory/questions`) and the wording in each language (table
`directory/question_texts`). No question is about immigration status; a test reads all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from philoxenia.reference import reference_table
from philoxenia.vocabulary import PhiloxeniaError

KINDS = ("yes_no", "number", "choice")
# JSON's own types: what a page, a file and a phone can all hold.
Value = bool | int | str


class QuestionError(PhiloxeniaError):
    """A question that is not in the catalogue; the message lists those there are."""

    exit_code = 2


@dataclass(frozen=True)
class Question:
    """One thing a person can be asked. Numbers are whole, from `lowest` to `highest`, both included."""

    id: str
    kind: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    lowest: int = 0
    highest: int = 0
    unit: str = ""
    language: str = "en"
    status: str = "original"

    def takes(self, value: object) -> bool:
        """Whether a value is an answer: one out of bounds or of another kind is no answer at all."""
        if self.kind == "yes_no":
            return isinstance(value, bool)
        if self.kind == "choice":
            return isinstance(value, str) and value in dict(self.choices)
        return isinstance(value, int) and not isinstance(value, bool) and self.lowest <= value <= self.highest

    def as_dict(self) -> dict[str, object]:
        """The question as JSON, for the device that asks it."""
        return {
            "kind": self.kind,
            "text": self.text,
            "choices": [list(pair) for pair in self.choices],
            "lowest": self.lowest,
            "highest": self.highest,
            "unit": self.unit,
        }


@cache
def questions(language: str = "en") -> Mapping[str, Question]:
    """Every question by its id, in a language; what is not translated stays in English, and says so."""
    texts = _texts(language)
    return {row["question"]: _question(row, texts, language) for row in _rows("questions")}


def question(name: str, language: str = "en") -> Question:
    """One question of the catalogue. Raises `QuestionError` that names those there are."""
    try:
        return questions(language)[name]
    except KeyError as fault:
        known = ", ".join(sorted(questions()))
        raise QuestionError(f"There is no question {name!r} in the catalogue. Known: {known}.") from fault


def languages() -> tuple[str, ...]:
    """Languages in which the catalogue has words, English first."""
    return ("en", *sorted({row["language"] for row in _rows("question_texts")}))


def _question(row: Mapping[str, str], texts: Mapping[tuple[str, str], str], language: str) -> Question:
    name = row["question"]
    here = (name, "") in texts
    choices = [pair.split("=", 1) for pair in row["choices"].split(";") if pair]
    return Question(
        id=name,
        kind=row["kind"],
        text=texts.get((name, ""), row["text"]),
        choices=tuple((code, texts.get((name, code), words)) for code, words in choices),
        lowest=int(row["lowest"] or 0),
        highest=int(row["highest"] or 0),
        unit=texts.get((name, "unit"), row["unit"]),
        language=language if here else "en",
        status="machine" if here else "original",
    )


@cache
def _texts(language: str) -> Mapping[tuple[str, str], str]:
    rows = _rows("question_texts")
    return {(row["question"], row["choice"]): row["text"] for row in rows if row["language"] == language}


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    return tuple(reference_table(f"directory/{table}").to_dicts())
