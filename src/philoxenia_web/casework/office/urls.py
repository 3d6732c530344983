"""Addresses under /front/office/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
