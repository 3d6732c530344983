"""Translations: every string is gathered, none is lost, none is broken."""

import re

import polib
import pytest

from philoxenia_web.ui import catalogues, gathering, messages
from philoxenia_web.ui.gathering import Gathered, Message


@pytest.fixture(scope="module")
def gathered() -> Gathered:
    return gathering.gather()


def test_strings_of_python() -> None:
    source = b"""
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
a = _("One")
b = ngettext("%(n)s row", "%(n)s rows", 3)
c = pgettext("month", "May")
d = _("Two "
      "lines")
"""
    assert gathering.of_python(source) == [
        Message("One"),
        Message("%(n)s row", "%(n)s rows"),
        Message("May", context="month"),
        Message("Two lines"),
    ]


def test_strings_of_templates_with_odd_indents() -> None:
    source = """{% load i18n %}
        <p title="{% translate 'Find' %}">
    {% if x %}  {% blocktranslate trimmed count n=rows with who=name %}
            {{ who }} has {{ n }} row
        {% plural %}
            {{ who }} has {{ n }} rows
        {% endblocktranslate %}{% endif %}
   {% translate "May" context "month" %} {{ _("Always") }} {% trans "It's" as words %}
"""
    assert set(gathering.of_template(source)) == {
        Message("Find"),
        Message("%(who)s has %(n)s row", "%(who)s has %(n)s rows"),
        Message("May", context="month"),
        Message("Always"),
        Message("It's"),
    }


def test_names_of_the_engine_are_gathered(gathered: Gathered) -> None:
    for name in (
        "Shelter, health and protection",
        "Primary care clinics",
        "Core housing need",
        "people a month",
    ):
        assert ("", name) in gathered.messages


def test_everything_read_in_templates_is_marked() -> None:
    assert gathering.unmarked_everywhere() == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<a aria-label="Close it">{{ x }}</a>', ["Close it"]),
        ("<p>{% translate 'Hello' %} 12 {{ name }} &nbsp;·</p>", []),
        ("{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}", []),
        ('<div lang="en"><p>Read<br>this</p></div><p>and that</p>', ["and that"]),
        ("{# a note #}{% comment %}more{% endcomment %}<script>let x</script>", []),
    ],
)
def test_words_nobody_could_translate_are_found(source: str, found: list[str]) -> None:
    assert gathering.unmarked(source) == found


@pytest.mark.parametrize("language", catalogues.PLURALS)
def test_the_catalogue_holds_every_string_and_is_compiled(language: str, gathered: Gathered) -> None:
    assert catalogues.faults(language, gathered) == []


@pytest.mark.parametrize(("language", "count"), [("ar", 6), ("uk", 3), ("fr", 2)])
def test_plural_forms(language: str, count: int) -> None:
    assert catalogues.forms(language) == count


def entry(said: str, original: str = "%(n)s of <b>%(all)s</b>") -> polib.POEntry:
    return polib.POEntry(msgid=original, msgstr=said)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("%(n)s sur <b>%(all)s</b>", None),
        ("", "not translated"),
        ("%(n)s sur <b>%(tout)s</b>", "places for values differ"),
        ("%(n)s sur %(all)s", "tags differ"),
        (" %(n)s sur <b>%(all)s</b>", "spaces"),
    ],
)
def test_faults_of_a_translation(said: str, fault: str | None) -> None:
    found = catalogues.entry_faults("fr", entry(said))
    assert (found == []) if fault is None else (fault in found[0])


def test_one_and_two_may_be_said_in_a_word_in_arabic_but_not_many() -> None:
    forms = {0: "لا صفوف", 1: "صف واحد", 2: "صفان", 3: "%(n)s صفوف", 4: "%(n)s صفًا", 5: "%(n)s صف"}
    made = polib.POEntry(msgid="%(n)s row", msgid_plural="%(n)s rows", msgstr_plural=forms)
    assert catalogues.entry_faults("ar", made) == []
    made.msgstr_plural[4] = "صفوف"
    assert catalogues.entry_faults("ar", made) != []


def test_an_update_keeps_translations_and_drops_what_is_gone(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    first, second = Gathered(), Gathered()
    for found, texts in ((first, ("One", "Gone")), (second, ("One", "New"))):
        for text in texts:
            found.add(Message(text), "x.py")
    made = catalogues.updated("fr", first)
    made.find("One").msgstr = "Un"
    catalogues.save("fr", made)
    after = catalogues.updated("fr", second)
    assert {one.msgid: one.msgstr for one in after} == {"One": "Un", "New": ""}


def test_an_unknown_command_is_told() -> None:
    assert messages.main(["paint"]) == 2
    assert messages.main(["check", "xx"]) == 2


def test_no_module_hides_its_words_behind_another_name() -> None:
    """A string marked with a name that the gathering does not know would never be translated."""
    renamed = re.compile(r"import \w*gettext\w* as (?!_\n)")
    texts = {path.name: path.read_text(encoding="utf-8") for path in gathering.WEB.rglob("*.py")}
    assert [name for name, text in texts.items() if renamed.search(text)] == []
