"""Addresses under /front/cards/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
