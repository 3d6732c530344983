"""Addresses under /hsds/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
