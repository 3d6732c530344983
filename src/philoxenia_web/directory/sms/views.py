"""The webhook for providers of text messages."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.directory.sms.answering import answer
from philoxenia_web.directory.sms.receiving import Refused, received

_LARGEST = 16 * 2**10


@csrf_exempt
@access(PUBLIC)
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """A signed message in, the parts of its answer out. Not there until a secret is set."""
    if not settings.SMS_SECRET:
        raise Http404
    headers = request.headers
    try:
        message = received(
            request.body, headers.get("X-Philoxenia-Timestamp", ""), headers.get("X-Philoxenia-Signature", "")
        )
    except Refused as refused:
        kept = {"Cache-Control": "no-store"}
        if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
            kept["Retry-After"] = "3600"
        return JsonResponse({"said": str(refused)}, status=refused.status, headers=kept)
    asked, parts = answer(message.text)
    told = [{"text": one.text, "encoding": one.encoding, "units": one.units} for one in parts]
    return JsonResponse(
        {"language": asked.language, "parts": told},
        headers={"Cache-Control": "no-store"},
        json_dumps_params={"ensure_ascii": False},
    )


receive.largest_request = _LARGEST  # type: ignore[attr-defined]
