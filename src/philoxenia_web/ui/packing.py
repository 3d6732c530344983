"""Pages travel packed: a study's page of 200 kB is 25 kB on the way.

Only what people read is packed: files of studies are packed already, and answers of the API carry tags
that packing would weaken. Pages of accounts hold secrets once (recovery codes, keys) and stay as they
are; the token of forms is masked anew each time, and a random number of bytes is added to each packed page.
See docs/decisions/0013.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

KINDS = ("text/html", "text/csv", "image/svg+xml")
_WITH_SECRETS = ("/account/",)


class PackedPages(GZipMiddleware):
    """Django's packing, for pages and tables alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer packed where the browser can unpack it and nothing speaks against it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind not in KINDS or request.path.startswith(_WITH_SECRETS):
            return response
        return super().process_response(request, response)
