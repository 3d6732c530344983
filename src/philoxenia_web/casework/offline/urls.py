"""Addresses under /front/offline/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
