"""Addresses under /oruk/."""

from django.urls import path

from philoxenia_web.directory.oruk import views

urlpatterns = [
    path("", views.about, name="oruk"),
    path("openapi.json", views.openapi, name="oruk-openapi"),
    path("services", views.services, name="oruk-services"),
    path("services/<str:key>", views.service, name="oruk-service"),
    path("taxonomies", views.taxonomies, name="oruk-taxonomies"),
    path("taxonomies/<str:key>", views.taxonomy, name="oruk-taxonomy"),
    path("taxonomy_terms", views.terms, name="oruk-taxonomy-terms"),
    path("taxonomy_terms/<str:key>", views.term, name="oruk-taxonomy-term"),
    path("service_at_locations", views.services_at, name="oruk-service-at-locations"),
    path("service_at_locations/<str:key>", views.service_at, name="oruk-service-at-location"),
]
