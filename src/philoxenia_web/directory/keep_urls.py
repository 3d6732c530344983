"""The address at which an organisation confirms its record, without a password."""

from django.urls import URLPattern, path

from philoxenia_web.directory.staff.views.keeping import keep

urlpatterns: list[URLPattern] = [path("keep/<str:token>/", keep, name="directory-keep")]
