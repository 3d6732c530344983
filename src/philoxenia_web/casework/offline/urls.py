"""Addresses under /front/offline/."""

from django.urls import URLPattern, path

from philoxenia_web.casework.offline import views

urlpatterns: list[URLPattern] = [
    path("", views.show, name="offline"),
    path("work/", views.work, name="offline-work"),
    path("sw.js", views.serve_worker, name="front-worker"),
    path("hello/", views.hello, name="offline-hello"),
    path("take/", views.take, name="offline-take"),
    path("sync/", views.sync, name="offline-sync"),
    path("wiped/", views.wiped, name="offline-wiped"),
    path("devices/<uuid:device_id>/", views.alive, name="offline-alive"),
    path("devices/<uuid:device_id>/stop/", views.stop, name="offline-stop"),
    path("conflicts/", views.conflicts, name="offline-conflicts"),
    path("conflicts/<uuid:conflict_id>/", views.conflict, name="offline-conflict"),
]
