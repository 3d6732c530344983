"""Pages of guides: which there are, and one of them, step by step."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from philoxenia.directory.guides import Guide, Source, Text
from philoxenia.directory.guides.types import Step
from philoxenia_web.directory.guides.accounts import Wish, accounts_of
from philoxenia_web.directory.guides.checks import shown_check
from philoxenia_web.directory.guides.queries import Texts, city_guides, texts_of
from philoxenia_web.directory.public import frame
from philoxenia_web.directory.public.frame import help_page


@help_page
def guides(request: HttpRequest, language: str) -> HttpResponse:
    """Every guide with its first sentence."""
    known = city_guides()
    found = [(guide.id, texts_of(known, guide, language)) for guide in known.guides]
    entries = [{"id": name, "title": texts["title"], "lead": texts["lead"]} for name, texts in found]
    context = {
        "guides": entries,
        "translation": translation_note([texts for _name, texts in found], language),
    }
    return frame.answer(request, "directory/guides/list.html", context)


@help_page
def guide(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """One guide: steps, private checks, accounts, and what stands behind each sentence."""
    found, texts = _guide(name, language)
    numbers = _numbers(found.sources())
    wish = Wish.read(request.GET)
    context = {
        "guide": found,
        "title": texts["title"],
        "lead": texts["lead"],
        "steps": [_step(step, texts, numbers) for step in found.steps],
        "checks": [shown_check(one, texts, language) for one in found.checks if not one.own_page],
        "own_pages": [(one.id, texts[f"{one.id}.title"]) for one in found.checks if one.own_page],
        "accounts": accounts_of(found, texts, wish),
        "has_accounts": bool(found.accounts),
        "wish": wish,
    }
    return _answer(request, "directory/guides/guide.html", found, texts, numbers, context)


@help_page
def check(request: HttpRequest, language: str, name: str, check: str) -> HttpResponse:
    """A large check on a page of its own, such as the permits that a trade needs."""
    found, texts = _guide(name, language)
    asked = next((one for one in found.checks if one.id == check and one.own_page), None)
    if asked is None:
        raise Http404
    context = {"guide": found, "title": texts["title"], "check": shown_check(asked, texts, language)}
    numbers = _numbers(asked.sources())
    return _answer(request, "directory/guides/one_check.html", found, texts, numbers, context)


def _guide(name: str, language: str) -> tuple[Guide, Texts]:
    known = city_guides()
    found = known.guide(name)
    if found is None:
        raise Http404
    return found, texts_of(known, found, language)


def _answer(
    request: HttpRequest,
    template: str,
    found: Guide,
    texts: Texts,
    numbers: dict[Source, int],
    context: dict[str, object],
) -> HttpResponse:
    standing = {
        "numbers": {source.id: number for source, number in numbers.items()},
        "sources": [(number, source, source.published or source.read) for source, number in numbers.items()],
        "translation": translation_note([texts], translation.get_language() or "en"),
        "late": found.check_by < timezone.localdate(),
    }
    return frame.answer(request, template, context | standing)


def _numbers(sources: tuple[Source, ...]) -> dict[Source, int]:
    return {source: number for number, source in enumerate(sources, start=1)}


def translation_note(pages: list[Texts], language: str) -> str:
    """How the page was translated, once for all of it; nothing where it is the original or by people."""
    statuses = {text.status for texts in pages for text in texts.values() if text.language == language}
    missing = any(text.language != language for texts in pages for text in texts.values())
    if "outdated" in statuses:
        return _("Parts of this translation are older than the English text. They are marked.")
    if "machine" in statuses:
        return _(
            "A machine translated this page; no person has checked it. In doubt, the English text counts."
        )
    return _("This page is not translated yet.") if missing else ""


def _step(step: Step, texts: Texts, numbers: dict[Source, int]) -> dict[str, object]:
    says = [
        {
            "id": f"{step.id}-{one.id}",
            "words": texts[f"{step.id}.{one.id}"],
            "status": one.status,
            "numbers": [numbers[source] for source in one.sources],
        }
        for one in step.statements
    ]
    title: Text = texts[f"{step.id}.title"]
    return {"id": step.id, "title": title, "says": says, "find": step.find, "near": step.near}
