"""Addresses of the accounts app."""

from django.urls import path

from philoxenia_web.accounts import views

urlpatterns = [path("", views.home, name="home")]
