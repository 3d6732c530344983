"""Addresses under /needs/."""

from django.urls import path

from philoxenia_web.needs import views
from philoxenia_web.needs.overlap.views import overlap
from philoxenia_web.needs.packages.views import packages

urlpatterns = [
    path("", views.start, name="needs"),
    path("overlap/<uuid:run_id>/", overlap, name="needs-overlap"),
    path("packages/<uuid:run_id>/", packages, name="needs-packages"),
]
