"""Addresses under /front/office/."""

from django.urls import path

from philoxenia_web.casework.office import views

urlpatterns = [
    path("", views.office, name="office"),
    path("hand-in/<uuid:agreement_id>/", views.hand_in, name="office-hand-in"),
]
