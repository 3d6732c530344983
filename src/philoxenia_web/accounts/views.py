"""Pages of the accounts app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from philoxenia_web.accounts.access import SIGNED_IN, access


@access(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    return render(request, "ui/base.html")
