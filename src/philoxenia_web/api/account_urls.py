"""Addresses under /account/tokens/."""

from django.urls import path

from philoxenia_web.api import views

urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("<uuid:token_id>/", views.token, name="token"),
    path("<uuid:token_id>/revoke/", views.revoke, name="token-revoke"),
]
