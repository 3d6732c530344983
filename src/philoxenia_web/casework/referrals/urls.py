"""Addresses under /front/referrals/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
