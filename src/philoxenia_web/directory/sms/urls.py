"""Addresses under /sms/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
