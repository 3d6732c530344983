"""Addresses under /needs/."""

from django.urls import path

from philoxenia_web.needs import views
from philoxenia_web.needs.districts.views import districts
from philoxenia_web.needs.languages.views import languages
from philoxenia_web.needs.overlap.views import overlap
from philoxenia_web.needs.packages.views import packages
from philoxenia_web.needs.profiles import views as profiles

urlpatterns = [
    path("", views.start, name="needs"),
    path("overlap/<uuid:run_id>/", overlap, name="needs-overlap"),
    path("packages/<uuid:run_id>/", packages, name="needs-packages"),
    path("districts/", districts, name="needs-districts"),
    path("languages/", languages, name="needs-languages"),
    path("profiles/", profiles.profiles, name="needs-profiles"),
    path("profiles/example/<str:name>", profiles.example, name="needs-profile-example"),
    path("profiles/<uuid:profile_id>/", profiles.profile, name="needs-profile"),
    path("profiles/<uuid:profile_id>/delete/", profiles.forget, name="needs-profile-delete"),
]
