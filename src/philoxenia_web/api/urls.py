"""Addresses under /api/."""

from django.urls import include, path, re_path

from philoxenia_web.api import views
from philoxenia_web.api.interface import addresses

urlpatterns = [
    path("v1/openapi.json", views.openapi, name="api-openapi"),
    path("v1/docs", views.docs, name="api-docs"),
    path("v1/problems/<slug:name>", views.problem, name="api-problem"),
    path("v1/", include(addresses())),
    re_path(r"^", views.unknown, name="api-unknown"),
]
