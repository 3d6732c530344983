"""The address of the first page."""

from django.urls import path

from philoxenia_web.studies.home import home

urlpatterns = [path("", home, name="home")]
