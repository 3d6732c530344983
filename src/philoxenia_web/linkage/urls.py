"""Addresses of the linkage app."""

from django.urls import URLPattern, URLResolver, include, path

_AGREEMENT = "<uuid:agreement_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_AGREEMENT + "runs/", include("philoxenia_web.linkage.runs.urls")),
    path(_AGREEMENT + "review/", include("philoxenia_web.linkage.review.urls")),
]
