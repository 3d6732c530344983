"""Addresses under /front/rights/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
