"""Addresses of a study's pages, under `studies/<id>/`."""

from django.urls import path

from philoxenia_web.studies.report import views

urlpatterns = [
    path("", views.overview, name="study-overview"),
    path("today/", views.today, name="study-today"),
    path("districts/", views.jump, name="study-districts"),
    path("districts/<path:district_id>/", views.district, name="study-district"),
    path("arrivals/", views.arrivals, name="study-arrivals"),
    path("load/", views.load, name="study-load"),
    path("quality/", views.quality, name="study-quality"),
    path("method/", views.method, name="study-method"),
    path("tables/<slug:name>.<slug:form>", views.table, name="study-table"),
]
