"""The nine addresses of the Open Referral UK profile, open to anybody and to pages of any origin."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from philoxenia_web.directory.hsds import describing
from philoxenia_web.directory.hsds.answering import answer, public
from philoxenia_web.directory.hsds.views import SERVICES, SERVICES_AT, TAXONOMIES, TERMS, listing, single
from philoxenia_web.directory.oruk import fitting

# As its validator reads them.
VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"


@public
def about(request: HttpRequest) -> HttpResponseBase:
    """What this interface is."""
    where = request.build_absolute_uri(reverse("oruk-openapi"))
    return answer(request, {"version": VERSION, "profile": PROFILE, "openapi_url": where})


@public
def openapi(request: HttpRequest) -> HttpResponseBase:
    """The interface described for programs."""
    where = request.build_absolute_uri(reverse("oruk"))
    return answer(request, describing.openapi(where, VERSION, organizations=False))


services, service = listing(SERVICES, fitting.services), single(SERVICES, fitting.services)
services_at = listing(SERVICES_AT, fitting.services_at)
service_at = single(SERVICES_AT, fitting.services_at)
taxonomies, taxonomy = listing(TAXONOMIES), single(TAXONOMIES)
terms, term = listing(TERMS, fitting.terms), single(TERMS, fitting.terms)
