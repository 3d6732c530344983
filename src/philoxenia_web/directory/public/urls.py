"""Addresses under /help/ that anybody may open. The last one takes what no other knows."""

from django.urls import path

from philoxenia_web.directory.public import feedback, finding, pages, services

urlpatterns = [
    path("", pages.choose, name="help"),
    path("<str:language>/", pages.first, name="help-first"),
    path("<str:language>/about/", pages.about, name="help-about"),
    path("<str:language>/person/", pages.person, name="help-person"),
    path("<str:language>/find/", finding.find, name="help-find"),
    path("<str:language>/service/<uuid:service_id>/", services.service, name="help-service"),
    path("<str:language>/service/<uuid:service_id>/poster/", services.poster, name="help-poster"),
    path("<str:language>/service/<uuid:service_id>/wrong/", feedback.wrong, name="help-wrong"),
    path("<str:language>/service/<uuid:service_id>/thanks/", feedback.thanks, name="help-thanks"),
    path("<str:language>/place/<uuid:place_id>/", services.place, name="help-place"),
    path(
        "<str:language>/organisation/<uuid:organisation_id>/", services.organisation, name="help-organisation"
    ),
    path("<path:rest>", pages.nothing, name="help-nothing"),
]
