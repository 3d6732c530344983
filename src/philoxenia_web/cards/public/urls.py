"""Addresses under /card/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
