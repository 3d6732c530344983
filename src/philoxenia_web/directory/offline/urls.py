"""Addresses under /help/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
