"""Labelled questions in six languages, in Latin letters and misspelt, over real directories: a floor.

Which service answers a question is told by the source's own category, never by our topics. `tuned` questions
were looked at while words and weights were chosen; `held out` ones were written afterwards and asked once.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest
from tests.web.directory_search.shared_records import jordan, toronto, two_one_one

from philoxenia_web.directory.search import index
from philoxenia_web.directory.search.documents import Document
from philoxenia_web.directory.search.indexed import Engine
from philoxenia_web.directory.search.types import Query

REPOSITORY = Path(__file__).resolve().parents[3]
QUESTIONS = REPOSITORY / "tests" / "engine" / "directory" / "queries.csv"
# Share of questions with a right service among the first five, of all and of each language.
FLOOR, FLOOR_OF_LANGUAGE = 0.93, 0.85
# A part of the 211 sites is enough for a floor, and quick.
_EVERY = 8


def built(root: Path, known: Iterable[tuple[str, Document]]) -> tuple[Engine, dict[str, str]]:
    categories: dict[str, str] = {}

    def documents() -> Iterable[Document]:
        for category, document in known:
            categories[document.id] = category
            yield document

    index.rebuild(root, documents(), 1)
    return Engine(root), categories


@pytest.fixture(scope="module")
def directories(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Engine, dict[str, str]]]:
    root = tmp_path_factory.mktemp("directories")
    return {
        "jordan": built(root / "jordan", jordan(shared_data)),
        "211": built(root / "211", islice(two_one_one(shared_data), 0, None, _EVERY)),
        "toronto": built(root / "toronto", toronto(REPOSITORY / "cities" / "toronto")),
    }


def test_most_questions_find_a_service_of_the_right_kind_among_five(
    directories: dict[str, tuple[Engine, dict[str, str]]],
):
    asked: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    missed = []
    for row in csv.DictReader(QUESTIONS.read_text(encoding="utf-8").splitlines()):
        engine, categories = directories[row["directory"]]
        found = engine.find(Query(text=row["query"], language=row["language"], size=5), None)
        good = any(re.search(row["expected"], categories[one], re.IGNORECASE) for one in found.ids)
        for group in ("all", row["language"], f"{row['language']} {row['spelling']}"):
            asked[group] += 1
            hit[group] += good
        if not good:
            missed.append(f"{row['directory']}: {row['query']}")
    assert hit["all"] / asked["all"] >= FLOOR, missed
    for group in asked:
        assert hit[group] / asked[group] >= FLOOR_OF_LANGUAGE, (group, missed)


def test_arabic_alone_is_found_by_arabic_and_by_its_latin_spelling(shared_data: Path, tmp_path: Path):
    engine, categories = built(tmp_path, islice(jordan(shared_data, "ar"), 0, None, 3))
    for text in ("مساعدة مالية", "حماية الطفل", "musa3ada maliya"):
        found = engine.find(Query(text=text, language="ar", size=5), None)
        assert any(re.search("CASH|Child", categories[one]) for one in found.ids), text
