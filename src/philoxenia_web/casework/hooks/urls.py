"""Addresses under /front/hooks/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
