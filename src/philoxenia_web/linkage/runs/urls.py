"""Addresses of runs, below an agreement's `runs/`."""

from django.urls import path

from philoxenia_web.linkage.runs import views

urlpatterns = [
    path("new/", views.new, name="linkage-run-new"),
    path("<uuid:run_id>/", views.run, name="linkage-run"),
    path("<uuid:run_id>/cancel/", views.cancel, name="linkage-run-cancel"),
    path("<uuid:run_id>/retry/", views.retry, name="linkage-run-retry"),
]
