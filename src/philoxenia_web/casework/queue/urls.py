"""Addresses under /front/queue/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
