"""Pages and files of the offline edition: open to everybody, no cookie, nothing kept on the way."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.directory.offline import making, shell
from philoxenia_web.directory.offline.words import sentences
from philoxenia_web.directory.public import asked, frame, lines
from philoxenia_web.directory.public.words import NEEDS

_NAME = re.compile(r"[0-9a-f]{20}")
# What was taken out of the directory must not wait in a cache between us and a phone.
_NOT_KEPT = {"Cache-Control": "no-store"}
_SOON = {"Cache-Control": "no-store", "Retry-After": "60"}


@frame.help_page
def show(request: HttpRequest, language: str) -> HttpResponse:
    """Keep the city on this phone; without a connection the same page reads it, at every address."""
    return frame.answer(
        request,
        "directory/offline/show.html",
        {
            "needs": NEEDS,
            "switches": asked.switches().items(),
            "emergency": lines.emergency_lines(),
            "lines": lines.helping_lines(),
            "scripts": shell.scripts(),
            "sentences": sentences(),
        },
    )


@access(PUBLIC)
@require_safe
def serve_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; its place makes /help/ its scope."""
    return HttpResponse(
        shell.worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@frame.help_page
def serve_app_manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """For installing."""
    return JsonResponse(shell.app_manifest(language), content_type="application/manifest+json")


@frame.help_page
def serve_manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """What the newest edition is made of."""
    manifest = making.shelf(language).manifest()
    if manifest is None or making.must_not_be_read(manifest):
        return _renewed()
    return JsonResponse(manifest, headers=_NOT_KEPT, json_dumps_params={"ensure_ascii": False})


@frame.help_page
def serve_file(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """One part, table or difference, packed as it lies on the disk."""
    shelf = making.shelf(language)
    manifest = shelf.manifest()
    if manifest is None or making.must_not_be_read(manifest):
        return _renewed()
    found = shelf.read(name, request.headers.get("Accept-Encoding", "")) if _NAME.fullmatch(name) else None
    if found is None:
        return HttpResponse(status=404, headers=_NOT_KEPT)
    content, packing = found
    headers = _NOT_KEPT | {"Vary": "Accept-Encoding"} | ({"Content-Encoding": packing} if packing else {})
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers=headers)


def _renewed() -> HttpResponse:
    return JsonResponse(
        {"said": "The edition is being made. Ask again in a minute."}, status=503, headers=_SOON
    )
