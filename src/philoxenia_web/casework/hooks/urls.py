"""Addresses under /front/hooks/."""

from django.urls import path

from philoxenia_web.casework.hooks import views

urlpatterns = [
    path("", views.hooks, name="hooks"),
    path("<uuid:hook_id>/", views.hook, name="hook"),
    path("<uuid:hook_id>/step/", views.step, name="hook-step"),
    path("<uuid:hook_id>/secret/", views.reveal, name="hook-secret"),
    path("<uuid:hook_id>/secret/new/", views.rotate, name="hook-rotate"),
    path("<uuid:hook_id>/try/", views.try_out, name="hook-try"),
    path("<uuid:hook_id>/again/", views.send_again, name="hook-again"),
]
