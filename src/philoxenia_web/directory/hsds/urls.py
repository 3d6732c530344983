"""Addresses under /hsds/."""

from django.urls import path

from philoxenia_web.directory.hsds import views

urlpatterns = [
    path("", views.about, name="hsds"),
    path("profile", views.profile, name="hsds-profile"),
    path("openapi.json", views.openapi, name="hsds-openapi"),
    path("package.zip", views.bulk, name="hsds-package"),
    path("services", views.services, name="hsds-services"),
    path("services/<str:key>", views.service, name="hsds-service"),
    path("organizations", views.organizations, name="hsds-organizations"),
    path("organizations/<str:key>", views.organization, name="hsds-organization"),
    path("taxonomies", views.taxonomies, name="hsds-taxonomies"),
    path("taxonomies/<str:key>", views.taxonomy, name="hsds-taxonomy"),
    path("taxonomy_terms", views.terms, name="hsds-taxonomy-terms"),
    path("taxonomy_terms/<str:key>", views.term, name="hsds-taxonomy-term"),
    path("service_at_locations", views.services_at, name="hsds-service-at-locations"),
    path("service_at_locations/<str:key>", views.service_at, name="hsds-service-at-location"),
]
