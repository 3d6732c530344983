"""The address at which an organisation confirms its record, without a password."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
