"""Addresses under /front/protection/."""

from django.urls import URLPattern, path

from philoxenia_web.casework.protection import views

urlpatterns: list[URLPattern] = [path("<uuid:resident_id>/", views.protect, name="front-protect")]
