"""Addresses under /mine/."""

from django.urls import URLPattern, path

from philoxenia_web.registry.mine import views
from philoxenia_web.registry.rights.export import SCHEMA_FILE

urlpatterns: list[URLPattern] = [
    path("", views.start, name="mine-start"),
    path(SCHEMA_FILE, views.schema, name="mine-schema"),
    path("<slug:language>/", views.page, name="mine"),
    path("<slug:language>/readings/", views.readings, name="mine-readings"),
    path("<slug:language>/ask/", views.ask, name="mine-ask"),
    path("<slug:language>/requests/<uuid:request_id>/back/", views.back, name="mine-back"),
    path("<slug:language>/agreements/<uuid:consent_id>/", views.withdraw, name="mine-withdraw"),
    path("<slug:language>/take-along/", views.take_along, name="mine-take-along"),
    path("<slug:language>/leave/", views.leave, name="mine-leave"),
]
