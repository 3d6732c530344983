"""Addresses under /card/. The first stands in every card's QR sign, with the code after #."""

from django.urls import path

from philoxenia_web.cards.public import views

urlpatterns = [
    path("", views.show, name="card"),
    path("sw.js", views.serve_worker, name="card-worker"),
    path("keys.json", views.serve_keys, name="card-keys"),
    path("lists/<int:number>/", views.serve_list, name="card-list"),
    path("<slug:language>/", views.show, name="card-language"),
]
