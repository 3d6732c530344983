"""Pages that need no records: the language, what one needs, a person to talk to, about and privacy."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.directory.city import city
from philoxenia_web.directory.models import Service
from philoxenia_web.directory.public import frame, lines, words
from philoxenia_web.directory.public.frame import help_page

_MOST_SOURCES = 50


@access(PUBLIC)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Every language under its own name, the device's first; then those that only people speak here."""
    device = translation.get_language() or "en"
    codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != device)
    context = {
        "choices": [_choice(code, request.GET.get("to", "")) for code in codes],
        "others": [_other(code, device) for code in city().languages if code not in codes],
    }
    return frame.answer(request, "directory/public/choose.html", context)


def _choice(code: str, rest: str) -> dict[str, object]:
    info = get_language_info(code)
    with translation.override(code):
        said = _("Find help in %(city)s") % {"city": frame.city_words()}
    return {
        "code": code,
        "name": words.own_name(code),
        "words": said,
        "direction": "rtl" if info["bidi"] else "ltr",
        "address": reverse("help-first", args=[code]) + frame.within(rest),
    }


def _other(code: str, device: str) -> dict[str, object]:
    address = reverse("help-find", args=[device])
    return {
        "code": code,
        "name": words.own_name(code),
        "direction": words.direction(code),
        "address": f"{address}?spoken={code}",
    }


@help_page
def first(request: HttpRequest, language: str) -> HttpResponse:
    """What do you need?"""
    context = {
        "needs": words.NEEDS.items(),
        "emergency": lines.emergency_lines(),
        "guides": _where("help-guides", language),
        "offline": _where("help-offline", language),
    }
    return frame.answer(request, "directory/public/first.html", context)


def _where(name: str, language: str) -> str:
    """The address of a page of a neighbour; none while it is not there."""
    try:
        return reverse(name, args=[language])
    except NoReverseMatch:
        return ""


@help_page
def about(request: HttpRequest, language: str) -> HttpResponse:
    """What is kept (nothing), where records come from, how they are translated."""
    shown = Service.objects.filter(status__in=("active", "temporarily closed"), withheld=False)
    sources = shown.exclude(source="").values("source", "licence").distinct().order_by("source", "licence")
    return frame.answer(request, "directory/public/about.html", {"sources": sources[:_MOST_SOURCES]})


@access(PUBLIC)
@require_safe
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else is asked for under /help/: a page of ours, which sets no cookie either."""
    if not rest.endswith("/") and "." not in rest.rpartition("/")[2]:
        return HttpResponseRedirect(f"{request.path}/")
    language = rest.partition("/")[0]
    return frame.missing(request, language if language in dict(settings.LANGUAGES) else "")


@help_page
def person(request: HttpRequest, language: str) -> HttpResponse:
    """Numbers where a person answers, and words to show at a desk."""
    desk = get_language_info(_desk_language())
    context = {
        "emergency": lines.emergency_lines(),
        "lines": lines.helping_lines(),
        "asks": _asks(language, request.GET.get("need", ""), desk["code"]),
        "desk": desk,
        "same": desk["code"] == language,
    }
    return frame.answer(request, "directory/public/person.html", context)


def _asks(language: str, need: str, desk: str) -> list[str]:
    """What to show at a desk, in the desk's language."""
    with translation.override(desk):
        said = [_("I speak %(language)s.") % {"language": words.language_name(language)}]
        if need in words.NEEDS:
            said.append(_("I am looking for help: %(need)s.") % {"need": words.NEEDS[need].name})
        return [*said, _("Please help me, or call an interpreter.")]


def _desk_language() -> str:
    """The language of the city's desks: its first that the pages have."""
    known = dict(settings.LANGUAGES)
    return next((code for code in city().languages if code in known), settings.LANGUAGE_CODE)
