"""Addresses under /oruk/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
