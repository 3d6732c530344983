"""Addresses of the review, below an agreement's `review/`."""

from django.urls import path

from philoxenia_web.linkage.review import views

urlpatterns = [
    path("", views.queue, name="linkage-review"),
    path("next/", views.go_on, name="linkage-review-next"),
    path("<uuid:pair_id>/", views.pair, name="linkage-pair"),
    path("<uuid:pair_id>/undo/", views.undo, name="linkage-pair-undo"),
]
