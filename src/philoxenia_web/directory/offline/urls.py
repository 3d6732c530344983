"""Addresses under /help/."""

from django.urls import path

from philoxenia_web.directory.offline import views

urlpatterns = [
    path("sw.js", views.serve_worker, name="offline-worker"),
    path("<slug:language>/app.webmanifest", views.serve_app_manifest, name="offline-app"),
    path("<slug:language>/offline/", views.show, name="help-offline"),
    path("<slug:language>/edition/", views.serve_manifest, name="offline-edition"),
    path("<slug:language>/edition/<slug:name>/", views.serve_file, name="offline-file"),
]
