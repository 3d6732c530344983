"""Addresses under /sms/."""

from django.urls import path

from philoxenia_web.directory.sms import views

urlpatterns = [path("", views.receive, name="sms")]
