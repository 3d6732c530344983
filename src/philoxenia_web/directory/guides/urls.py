"""Addresses under /help/<language>/guides/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
