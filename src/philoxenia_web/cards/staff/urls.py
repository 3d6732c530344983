"""Addresses under /front/cards/. They carry ids that mean nothing."""

from django.urls import URLPattern, path

from philoxenia_web.cards.staff.views import applying, benefits, board, cards, keys

_ONE = "applications/<uuid:application_id>"
_CARD = "cards/<uuid:card_id>"

urlpatterns: list[URLPattern] = [
    path("", board.board, name="cards"),
    path("print/", cards.print_cards, name="cards-print"),
    path("new/<uuid:resident_id>/", applying.begin, name="card-new"),
    path(f"{_ONE}/", applying.application, name="card-application"),
    path(f"{_ONE}/photo/", applying.photo, name="card-photo"),
    path(f"{_ONE}/photo/new/", applying.set_photo, name="card-photo-new"),
    path(f"{_ONE}/look/", applying.look, name="card-look"),
    path(f"{_ONE}/step/", applying.step, name="card-application-step"),
    path(f"{_CARD}/step/", cards.step, name="card-step"),
    path("benefits/", benefits.benefits, name="card-benefits"),
    path("benefits/new/", benefits.add, name="card-benefit-new"),
    path("benefits/<uuid:benefit_id>/", benefits.benefit, name="card-benefit"),
    path("benefits/<uuid:benefit_id>/active/", benefits.set_active, name="card-benefit-active"),
    path("keys/", keys.keys, name="card-keys-page"),
]
