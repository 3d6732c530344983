"""Addresses under /help/<language>/guides/."""

from django.urls import path

from philoxenia_web.directory.guides import views

urlpatterns = [
    path("<str:language>/guides/", views.guides, name="help-guides"),
    path("<str:language>/guides/<slug:name>/", views.guide, name="help-guide"),
    path("<str:language>/guides/<slug:name>/<slug:check>/", views.check, name="help-guide-check"),
]
