"""The OpenAPI document, a page that explains it, and the pages on which people keep their tokens."""

import json
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import PUBLIC, access, actor_of
from philoxenia_web.api import actions, queries
from philoxenia_web.api.conditional import tagged
from philoxenia_web.api.forms import TokenForm
from philoxenia_web.api.models import Token
from philoxenia_web.api.openapi import document
from philoxenia_web.api.policies import MANAGE_TOKENS
from philoxenia_web.api.problems import KINDS, Problem, answer
from philoxenia_web.api.reading_aloud import chapters
from philoxenia_web.api.scopes import all_scopes, scopes_for
from philoxenia_web.api.serving import served
from philoxenia_web.ui.tables import Column, Table


@cache
def _written_document() -> bytes:
    return json.dumps(document(), ensure_ascii=False, indent=1).encode()


def openapi_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    response = tagged(request, HttpResponse(_written_document(), content_type="application/json"))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


openapi = served(openapi_document, ["GET"])


@csrf_exempt
@access(PUBLIC)
def unknown(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    """A problem for every address the interface does not have."""
    return answer(request, Problem("not-found"))


@access(PUBLIC)
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, written on the server from the document: no script is needed."""
    return render(request, "api/docs.html", {"chapters": chapters(), "kinds": KINDS.values()})


@access(PUBLIC)
@require_safe
def problem(request: HttpRequest, name: str) -> HttpResponse:
    """Where the type of a problem leads."""
    if name not in KINDS:
        return answer(request, Problem("not-found"))
    return redirect(f"/api/v1/docs#problem-{name}")


@access(MANAGE_TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and the form that makes one. The secret is in this answer and nowhere else."""
    form = _form(request)
    made: Token | None = None
    secret = None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = _make(request, form)
        except Problem as refusal:
            form.add_error("scopes", refusal.detail)
        else:
            if secret is None:
                messages.info(request, _("This token was made before. Its text was shown then, once."))
                return redirect("tokens")
            form = _form(request, sent=False)
    table = _table(request)
    if table.wants_export:
        return table.export()
    context = {"form": form, "table": table, "made": made, "secret": secret.text if secret else ""}
    return render(request, "api/tokens.html", context)


@access(MANAGE_TOKENS)
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token."""
    token = actions.revoke_token(actor_of(request), token_id)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens")


@access(MANAGE_TOKENS)
@require_safe
def token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """One token: what it may do, and the button that ends it."""
    found = queries.token_of(actor_of(request), token_id)
    words = {one.name: str(one.words).partition(";")[0] for one in all_scopes()}
    context = {
        "token": found,
        "state": _state(found),
        "may": [words.get(name, name) for name in found.scopes],
        "is_active": found.state_at(timezone.now()) == "active",
    }
    return render(request, "api/token.html", context)


def _form(request: HttpRequest, *, sent: bool = True) -> TokenForm:
    actor = actor_of(request)
    places = accounts.organisations().filter(pk__in=actor.organisations)
    possible = {one.name: one for place in places for one in scopes_for(actor, place.pk)}
    return TokenForm(
        request.POST if request.method == "POST" and sent else None,
        organisations=[(str(place.pk), place.name) for place in places],
        scopes=[possible[name] for name in sorted(possible)],
    )


def _make(request: HttpRequest, form: TokenForm) -> tuple[Token, Any]:
    told = form.cleaned_data
    return actions.make_token(
        actor_of(request),
        UUID(told["organisation"]),
        name=told["name"],
        scopes=told["scopes"],
        days=told["days"],
        key=told["key"],
    )


def _table(request: HttpRequest) -> Table:
    rows = [
        {
            "name": one.name,
            "prefix": f"{one.prefix}…",
            "organisation": one.organisation.name,
            "state": _state(one),
            "expires": one.expires_at,
            "used": one.last_used_on,
            "href": f"/account/tokens/{one.pk}/",
        }
        for one in queries.tokens_of(actor_of(request))
    ]
    return Table(
        "tokens",
        [
            Column("name", _("Name"), kind="name"),
            Column("prefix", _("Begins with"), kind="name"),
            Column("organisation", _("Organisation"), kind="name"),
            Column("state", _("State"), kind="status"),
            Column("expires", _("Ends"), kind="when"),
            Column("used", _("Last used"), kind="date"),
        ],
        rows=rows,
        request=request,
        caption=_("Your tokens"),
        empty=_("You have no tokens yet."),
        narrow="cards",
        download=False,
    )


def _state(one: Token) -> tuple[str, str]:
    return {
        "active": (_("in force"), "success"),
        "expired": (_("expired"), "waiting"),
        "revoked": (_("revoked"), "problem"),
    }[one.state_at(timezone.now())]
